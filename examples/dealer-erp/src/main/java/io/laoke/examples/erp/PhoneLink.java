package io.laoke.examples.erp;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Where the customers' phone is: a page of the simulator, or nowhere with the real WeChat. */
@ControllerAdvice
class PhoneLink {
  private final Optional<String> url;

  PhoneLink(@Value("${erp.phone-url:}") String url) {
    this.url = Optional.of(url).filter(given -> !given.isBlank());
  }

  Optional<String> url() {
    return url;
  }

  @ModelAttribute("phoneUrl")
  @Nullable String forPages() {
    return url.orElse(null);
  }
}
