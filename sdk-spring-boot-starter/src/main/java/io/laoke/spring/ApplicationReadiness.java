package io.laoke.spring;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * When the application has done what it does at its start: runners are called after the context is
 * refreshed, and ready is told after them. A context that no SpringApplication runs has no runners,
 * and is never told to be ready.
 */
final class ApplicationReadiness implements ApplicationListener<ApplicationEvent> {
  /** SpringApplication puts its arguments under that name into each context that it runs. */
  private static final String RUN = "springApplicationArguments";

  private final ApplicationContext context;
  private final CompletableFuture<Void> reached = new CompletableFuture<>();

  ApplicationReadiness(ApplicationContext context) {
    this.context = context;
  }

  CompletionStage<Void> reached() {
    return reached.minimalCompletionStage();
  }

  @Override
  public void onApplicationEvent(ApplicationEvent event) {
    boolean refreshed =
        event instanceof ContextRefreshedEvent own
            && own.getApplicationContext() == context
            && !context.containsLocalBean(RUN);
    boolean ready =
        event instanceof ApplicationReadyEvent all && all.getApplicationContext() == context;
    if (refreshed || ready) {
      reached.complete(null);
    }
  }
}
