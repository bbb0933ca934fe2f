package io.laoke.imports;

/** Tells streams of facts apart by their kinds and keys. */
final class Digest {
  private static final long PRIME = 0x100000001b3L;

  private Digest() {}

  /** The digest of a stream and one fact more. */
  static long with(long digest, ImportFact fact) {
    long mixed = with(with(digest, fact.kind().name()), fact.key());
    return mixed ^ (mixed >>> 32);
  }

  private static long with(long digest, String text) {
    long mixed = (digest ^ text.length()) * PRIME;
    for (int i = 0; i < text.length(); i++) {
      mixed = (mixed ^ text.charAt(i)) * PRIME;
    }
    return mixed;
  }
}
