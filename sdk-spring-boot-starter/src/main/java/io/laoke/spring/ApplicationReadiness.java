package io.laoke.spring;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * When the application has done what it does at its start: runners are called after the context is
 * refreshed, and ready is told after them. A context that no SpringApplication runs has no runners,
 * and is never told to be ready; nor is one with a runner that never returns, such as a consumer's
 * loop, so that for runners there is a bound.
 */
final class ApplicationReadiness implements ApplicationListener<ApplicationEvent> {
  /** SpringApplication puts its arguments under that name into each context that it runs. */
  private static final String RUN = "springApplicationArguments";

  /** How long runners are waited for. */
  static final Duration LONGEST = Duration.ofMinutes(5);

  private final ApplicationContext context;
  private final Duration longest;
  private final CompletableFuture<Void> reached = new CompletableFuture<>();

  ApplicationReadiness(ApplicationContext context, Duration longest) {
    this.context = context;
    this.longest = longest;
  }

  CompletionStage<Void> reached() {
    return reached.minimalCompletionStage();
  }

  @Override
  public void onApplicationEvent(ApplicationEvent event) {
    boolean refreshed =
        event instanceof ContextRefreshedEvent own && own.getApplicationContext() == context;
    boolean ready =
        event instanceof ApplicationReadyEvent all && all.getApplicationContext() == context;
    if (ready || (refreshed && !context.containsLocalBean(RUN))) {
      reached.complete(null);
    } else if (refreshed) {
      reached.completeOnTimeout(null, longest.toNanos(), TimeUnit.NANOSECONDS);
    }
  }
}
