package io.laoke.examples.shell;

/** In which sentences are told. */
enum Language {
  ZH,
  EN;

  /** One of the two. */
  String of(String zh, String en) {
    return this == ZH ? zh : en;
  }
}
