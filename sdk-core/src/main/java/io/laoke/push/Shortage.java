package io.laoke.push;

import static io.laoke.push.Uplift.LEAST_BUYERS;
import static io.laoke.push.Uplift.LEAST_MEMBERS;

import io.laoke.push.Uplift.Group;
import io.laoke.push.Uplift.NotEnough;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why two groups cannot be compared, in words. */
final class Shortage {
  private static final Side CHOSEN =
      new Side("chosen", "send to a larger audience", "发送组", "扩大发送人群");
  private static final Side HELD_OUT =
      new Side("held out", "hold out more of the next plan", "对照组", "下次提高对照组比例");

  private final Group chosen;
  private final Group heldOut;
  private final List<Lack> lacks;

  /** What a group is called, and how it gets larger. */
  private record Side(String name, String advice, String chinese, String adviceChinese) {}

  private record Lack(String english, String chinese) {}

  private Shortage(Group chosen, Group heldOut, List<Lack> lacks) {
    this.chosen = chosen;
    this.heldOut = heldOut;
    this.lacks = lacks;
  }

  /** Empty if there is enough. */
  static Optional<Shortage> of(Group chosen, Group heldOut) {
    List<Lack> lacks =
        Stream.of(lack(CHOSEN, chosen), lack(HELD_OUT, heldOut)).flatMap(Optional::stream).toList();
    return lacks.isEmpty() ? Optional.empty() : Optional.of(new Shortage(chosen, heldOut, lacks));
  }

  NotEnough told() {
    return new NotEnough(
        chosen,
        heldOut,
        lacks.stream().map(Lack::english).collect(Collectors.joining(" ")),
        lacks.stream().map(Lack::chinese).collect(Collectors.joining()));
  }

  private static Optional<Lack> lack(Side side, Group group) {
    if (group.members() == 0 && side.equals(HELD_OUT)) {
      return Optional.of(
          new Lack(
              "Nobody is held out, so there is nothing to compare with. Hold some out of the next"
                  + " plan: Plan.holdOut(100) is one of ten.",
              "没有对照组，无法比较。下次请留出对照组，例如十分之一。"));
    }
    if (group.members() < LEAST_MEMBERS) {
      return Optional.of(
          new Lack(
              english(
                  "%,d members are %s, and %d must be. To get there, %s.",
                  group.members(), side.name, LEAST_MEMBERS, side.advice),
              "%s只有%d人，至少需要%d人。请%s。"
                  .formatted(side.chinese, group.members(), LEAST_MEMBERS, side.adviceChinese)));
    }
    return group.buyers() < LEAST_BUYERS ? Optional.of(buyers(side, group)) : Optional.empty();
  }

  private static Lack buyers(Side side, Group group) {
    long members = group.members();
    long buyers = group.buyers();
    // Rounded up: with so many members there are as many buyers, at the rate of these.
    long needed =
        buyers == 0
            ? 0
            : members / buyers * LEAST_BUYERS
                + (members % buyers * LEAST_BUYERS + buyers - 1) / buyers;
    return new Lack(
        english(
            "%,d of the %,d members who are %s bought anything, and %d must have%s. Look at a"
                + " longer window, or %s.",
            buyers,
            members,
            side.name,
            LEAST_BUYERS,
            needed == 0 ? "" : english("; at this rate that takes %,d members", needed),
            side.advice),
        "%s%d人中只有%d人下单，至少需要%d人下单%s。请延长统计期，或%s。"
            .formatted(
                side.chinese,
                members,
                buyers,
                LEAST_BUYERS,
                needed == 0 ? "" : "，按此比例约需%d人".formatted(needed),
                side.adviceChinese));
  }

  private static String english(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
