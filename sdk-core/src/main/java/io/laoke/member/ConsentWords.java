package io.laoke.member;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.base.Typed;
import io.laoke.catalog.Keys;
import io.laoke.error.InvalidInputException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * With which words followers refuse marketing in the chat, and with which they agree to it again. A
 * text that is such a word and nothing else counts, in whatever letters and width, with blanks
 * around it and marks at its end or not; every other text is left to others. Immutable; each method
 * gives a changed copy.
 *
 * @param refusing at most 20 words of at most 16 characters; none so that no text refuses
 * @param agreeing the same for agreeing; the first word of each list is the one that replies tell
 * @param textVersion which words a follower agrees to who writes so, as in {@link Consent}: change
 *     it with the words of the replies and of wherever else the dealer asks for it
 */
public record ConsentWords(List<String> refusing, List<String> agreeing, String textVersion) {
  private static final int MOST = 20;
  private static final int LONGEST = 16;

  /** What a longer text is cannot be a word, however many marks are behind it. */
  private static final int LONGEST_TEXT = 40;

  private static final ConsentWords STANDARD =
      new ConsentWords(
          List.of("退订", "退訂", "TD", "取消订阅", "取消訂閱", "拒收", "不再接收"),
          List.of("订阅", "訂閱", "恢复订阅", "恢復訂閱"),
          "公众号订阅 1");

  /** Checks and copies. */
  public ConsentWords {
    Set<String> known = new HashSet<>();
    refusing = checked("consentWords.refusing", refusing, known);
    agreeing = checked("consentWords.agreeing", agreeing, known);
    textVersion = Keys.line("consentWords.textVersion", textVersion, 64);
  }

  private static List<String> checked(String field, List<String> words, Set<String> known) {
    range(field, notNull(field, words).size(), 0, MOST);
    return words.stream().map(word -> checked(field, word, known)).toList();
  }

  private static String checked(String field, String word, Set<String> known) {
    String one = key(field, word, LONGEST);
    String meant = Typed.word(one);
    if (meant.isEmpty() || one.indexOf('|') >= 0) {
      throw new InvalidInputException(
          field, "must be words, without | in them, was '%s'".formatted(one));
    }
    if (!known.add(meant)) {
      throw new InvalidInputException(
          field, "must mean one thing each, '%s' is there twice".formatted(one));
    }
    return one;
  }

  /** 退订 and 订阅, and what else people write for them. */
  public static ConsentWords standard() {
    return STANDARD;
  }

  /** With other words that refuse; none so that no text does. */
  public ConsentWords withRefusing(String... words) {
    return new ConsentWords(Arrays.asList(notNull("words", words)), agreeing, textVersion);
  }

  /** With other words that agree; none so that no text does. */
  public ConsentWords withAgreeing(String... words) {
    return new ConsentWords(refusing, Arrays.asList(notNull("words", words)), textVersion);
  }

  /** With another version of what is agreed to. */
  public ConsentWords withTextVersion(String version) {
    return new ConsentWords(refusing, agreeing, version);
  }

  /** Whether the text agrees, or refuses; empty if it is none of the words. */
  Optional<Boolean> read(String text) {
    if (text.length() > LONGEST_TEXT) {
      return Optional.empty();
    }
    String word = Typed.word(text);
    if (in(refusing, word)) {
      return Optional.of(false);
    }
    return in(agreeing, word) ? Optional.of(true) : Optional.empty();
  }

  private static boolean in(List<String> words, String word) {
    return words.stream().map(Typed::word).anyMatch(word::equals);
  }
}
