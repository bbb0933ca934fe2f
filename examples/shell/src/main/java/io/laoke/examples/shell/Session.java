package io.laoke.examples.shell;

import io.laoke.Dealer;
import io.laoke.segment.Segment;
import io.laoke.segment.Segments;
import java.time.Instant;

/**
 * A dealer that is asked.
 *
 * @param asOf one moment for all questions of a run
 */
record Session(Dealer dealer, Instant asOf, Language language) {
  Segments segments() {
    return dealer.segments();
  }

  String sentence(Segment segment) {
    return language.of(segments().toChinese(segment), segments().toEnglish(segment));
  }

  /** Throws if the segment itself cannot be answered. */
  void check(Segment segment) {
    segments().dependsOn(segment);
  }
}
