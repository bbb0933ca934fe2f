package io.laoke.notice;

/**
 * The pages that customers open on their phones: paper links, the claim form, the return from
 * sign-in, the order page, and the page on which they answer to a service that is due. Knows no web
 * framework: the host mounts it on one path of its own and hands requests on.
 *
 * <pre>{@code
 * WebResponse answer = laoke.web().handle(WebRequest.of(method, path, rawQuery, headers, body));
 * }</pre>
 *
 * <p>The path of the mount is part of {@code DealerSettings.webAddress}. All dealers of an engine
 * share one mount. Safe for use by many threads; call it outside of transactions. Pages need no
 * script and load nothing from anywhere. Requests by GET change no binding, so that a program that
 * looks at a link before its reader does does no harm: only a person who comes back from the
 * platform's sign-in, or presses a button, does.
 */
public interface CustomerPages {
  /**
   * Answers a request; costs a few reads, and one call to the platform where somebody signs in or
   * is shown a code to follow. Never throws: what fails is a page that says so, and a line in the
   * log.
   */
  WebResponse handle(WebRequest request);
}
