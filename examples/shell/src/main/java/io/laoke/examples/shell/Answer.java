package io.laoke.examples.shell;

import io.laoke.segment.Segment;
import java.io.PrintWriter;
import java.util.Map;

/** What a question came to. */
interface Answer {
  /** What answers a segment. */
  interface Answering {
    Answer of(Session session, Segment segment);
  }

  /** For programs. */
  Map<String, Object> json();

  /** For people, in a run of one question. */
  void text(PrintWriter out);
}
