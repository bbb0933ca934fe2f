package io.laoke.member;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.base.Upserted;
import io.laoke.catalog.Keys;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.SealedException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.AuditEntry.Action;
import io.laoke.message.Purpose;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What staff add to a member's file. Each change leaves a line that says who, when, what and why.
 */
final class StaffNotes {
  private static final int MOST_TAGS = 100;
  private static final int MOST_REMARKS = 500;
  private static final int MOST_PAUSES = 100;
  private static final int TEXT = 400;
  private static final Duration REPEATED = Duration.ofMinutes(5);
  private static final Instant LATEST = Instant.parse("2300-01-01T00:00:00Z");
  private static final List<Purpose> STOPPED_BY_COMPLAINTS =
      List.of(Purpose.CARE, Purpose.MARKETING);

  private final Database database;
  private final Tenant tenant;
  private final StoredMemberBook book;
  private final Ids ids;

  StaffNotes(Database database, Tenant tenant, StoredMemberBook book, Ids ids) {
    this.database = database;
    this.tenant = tenant;
    this.book = book;
    this.ids = ids;
  }

  /** A change of the file of a member that is locked. */
  private interface Change<T> {
    T of(Tx tx, long member);
  }

  private <T> T change(String what, long memberId, Change<T> change) {
    return database.write(what, tx -> change.of(tx, book.lockLiving(tx, tenant, memberId)));
  }

  private void audit(
      Tx tx,
      long member,
      Action action,
      String subject,
      @Nullable Instant until,
      @Nullable String why,
      String by,
      Instant now) {
    book.merger.audit.insert(
        tx,
        tenant,
        member,
        new AuditEntry(
            ids.next(),
            action,
            subject,
            Optional.ofNullable(until),
            Optional.ofNullable(why),
            by,
            now));
  }

  // ---- tags

  boolean tag(long memberId, String given, String by, Instant now) {
    MemberTag tag = new MemberTag(Keys.line("tag", given, 64), Keys.line("by", by, 64), now);
    return change(
        "tag a member",
        memberId,
        (tx, member) -> {
          List<MemberTag> tags = book.merger.tags.of(tx, tenant, member);
          if (tags.stream().anyMatch(one -> one.tag().equals(tag.tag()))) {
            return false;
          }
          if (tags.size() >= MOST_TAGS) {
            throw new ConflictException(
                "Member %d cannot be tagged: it has %d tags, which is the most. Take one away with members().untag first."
                    .formatted(member, MOST_TAGS));
          }
          book.merger.tags.insert(tx, tenant, member, tag);
          audit(tx, member, Action.TAGGED, tag.tag(), null, null, tag.by(), now);
          return true;
        });
  }

  boolean untag(long memberId, String given, String by, Instant now) {
    String tag = Keys.line("tag", given, 64);
    String who = Keys.line("by", by, 64);
    return change(
        "take a tag away",
        memberId,
        (tx, member) -> {
          if (!book.merger.tags.remove(tx, tenant, member, tag)) {
            return false;
          }
          audit(tx, member, Action.UNTAGGED, tag, null, null, who, now);
          return true;
        });
  }

  List<MemberTag> tags(long memberId) {
    return database.read(
        "read the tags of member " + memberId,
        tx -> book.merger.tags.of(tx, tenant, book.survivor(tx, tenant, memberId)));
  }

  // ---- remarks

  Remark remark(long memberId, String text, String by, Instant now) {
    String words = Check.text("text", text, TEXT);
    String who = Keys.line("by", by, 64);
    return change(
        "note a remark",
        memberId,
        (tx, member) -> {
          List<RemarkTable.Row> there = book.merger.remarks.of(tx, tenant, member);
          if (!there.isEmpty()) {
            RemarkTable.Row newest = there.get(there.size() - 1);
            if (newest.by().equals(who)
                && !newest.at().isBefore(now.minus(REPEATED))
                && same(newest.sealed(), words)) {
              return newest.opened(tenant);
            }
          }
          if (there.size() >= MOST_REMARKS) {
            throw new ConflictException(
                "No remark can be noted of member %d: it has %d, which is the most. Take old ones back with members().takeBackRemark first."
                    .formatted(member, MOST_REMARKS));
          }
          Remark remark = new Remark(ids.next(), words, who, now);
          book.merger.remarks.insert(tx, tenant, member, remark);
          audit(tx, member, Action.REMARKED, Long.toString(remark.id()), null, null, who, now);
          return remark;
        });
  }

  /** What no key opens is not the same. */
  private boolean same(@Nullable String sealed, String words) {
    try {
      return words.equals(tenant.privacy().open(sealed));
    } catch (SealedException closed) {
      return false;
    }
  }

  boolean takeBack(long memberId, long remarkId, String why, String by, Instant now) {
    String reason = Keys.line("why", why, 200);
    String who = Keys.line("by", by, 64);
    return change(
        "take a remark back",
        memberId,
        (tx, member) -> {
          if (!book.merger.remarks.remove(tx, tenant, member, remarkId)) {
            return false;
          }
          audit(
              tx,
              member,
              Action.REMARK_TAKEN_BACK,
              Long.toString(remarkId),
              null,
              reason,
              who,
              now);
          return true;
        });
  }

  List<Remark> remarks(long memberId) {
    return database.read(
        "read the remarks of member " + memberId,
        tx ->
            book.merger.remarks.of(tx, tenant, book.survivor(tx, tenant, memberId)).stream()
                .map(row -> row.opened(tenant))
                .toList());
  }

  // ---- pauses

  Upserted pause(
      long memberId,
      Purpose purpose,
      @Nullable Instant until,
      String reason,
      String by,
      Instant now) {
    pausable(purpose);
    Instant end = until == null ? null : until.truncatedTo(ChronoUnit.MILLIS);
    if (end != null && (!end.isAfter(now) || !end.isBefore(LATEST))) {
      throw new InvalidInputException(
          "until",
          "must lie ahead of business time and before the year 2300, was %s; business time is %s"
              .formatted(until, now));
    }
    String why = Keys.line("reason", reason, 200);
    String who = Keys.line("by", by, 64);
    return change(
        "pause messages",
        memberId,
        (tx, member) -> {
          Upserted outcome = put(tx, member, List.of(purpose), "", end, why, who, now);
          if (outcome != Upserted.UNCHANGED) {
            audit(tx, member, Action.PAUSED, purpose.name(), end, why, who, now);
          }
          return outcome;
        });
  }

  private static void pausable(Purpose purpose) {
    if (notNull("purpose", purpose) == Purpose.ORDER) {
      throw new InvalidInputException(
          "purpose",
          "must be CARE or MARKETING: notices of an order are part of its contract; stop them with bindings().stopNotices");
    }
  }

  private Upserted put(
      Tx tx,
      long member,
      List<Purpose> purposes,
      String complaint,
      @Nullable Instant until,
      String why,
      String by,
      Instant now) {
    List<PauseTable.Row> all = book.merger.pauses.of(tx, tenant, List.of(member));
    List<PauseTable.Row> same =
        all.stream()
            .filter(row -> purposes.contains(row.purpose()) && row.complaint().equals(complaint))
            .toList();
    List<PauseTable.Row> holding = same.stream().filter(row -> row.holdsAt(now)).toList();
    if (holding.size() == purposes.size()
        && holding.stream()
            .allMatch(row -> Objects.equals(row.until(), until) && same(row.sealed(), why))) {
      return Upserted.UNCHANGED;
    }
    // Those that ended by themselves go, too.
    List<PauseTable.Row> over =
        all.stream().filter(row -> same.contains(row) || !row.holdsAt(now)).toList();
    if (all.size() - over.size() + purposes.size() > MOST_PAUSES) {
      throw new ConflictException(
          "Member %d cannot be paused once more: it has %d pauses, and %d are the most. Close complaints that are settled with members().closeComplaint first."
              .formatted(member, all.size() - over.size(), MOST_PAUSES));
    }
    over.forEach(row -> book.merger.pauses.remove(tx, tenant, row));
    for (Purpose purpose : purposes) {
      book.merger.pauses.insert(
          tx,
          tenant,
          new PauseTable.Row(
              ids.next(), member, purpose, complaint, until, tenant.privacy().seal(why), by, now));
    }
    return holding.isEmpty() ? Upserted.CREATED : Upserted.CHANGED;
  }

  boolean resume(long memberId, Purpose purpose, String why, String by, Instant now) {
    pausable(purpose);
    String reason = Keys.line("why", why, 200);
    String who = Keys.line("by", by, 64);
    return change(
        "resume messages",
        memberId,
        (tx, member) -> {
          if (!end(tx, member, List.of(purpose), "", now)) {
            return false;
          }
          audit(tx, member, Action.RESUMED, purpose.name(), null, reason, who, now);
          return true;
        });
  }

  private boolean end(Tx tx, long member, List<Purpose> purposes, String complaint, Instant now) {
    boolean held = false;
    for (PauseTable.Row row : book.merger.pauses.of(tx, tenant, List.of(member))) {
      if (purposes.stream().anyMatch(purpose -> row.is(purpose, complaint))) {
        book.merger.pauses.remove(tx, tenant, row);
        held |= row.holdsAt(now);
      }
    }
    return held;
  }

  Upserted openComplaint(long memberId, String complaintNo, String reason, String by, Instant now) {
    String complaint = Keys.line("complaintNo", complaintNo, 64);
    String why = Keys.line("reason", reason, 200);
    String who = Keys.line("by", by, 64);
    return change(
        "open a complaint",
        memberId,
        (tx, member) -> {
          Upserted outcome = put(tx, member, STOPPED_BY_COMPLAINTS, complaint, null, why, who, now);
          if (outcome != Upserted.UNCHANGED) {
            audit(tx, member, Action.COMPLAINT_OPENED, complaint, null, why, who, now);
          }
          return outcome;
        });
  }

  boolean closeComplaint(long memberId, String complaintNo, String why, String by, Instant now) {
    String complaint = Keys.line("complaintNo", complaintNo, 64);
    String reason = Keys.line("why", why, 200);
    String who = Keys.line("by", by, 64);
    return change(
        "close a complaint",
        memberId,
        (tx, member) -> {
          if (!end(tx, member, STOPPED_BY_COMPLAINTS, complaint, now)) {
            return false;
          }
          audit(tx, member, Action.COMPLAINT_CLOSED, complaint, null, reason, who, now);
          return true;
        });
  }

  List<MemberPause> pauses(long memberId, Instant now) {
    return database.read(
        "read the pauses of member " + memberId,
        tx ->
            book.merger.pauses.of(tx, tenant, List.of(book.survivor(tx, tenant, memberId))).stream()
                .filter(row -> row.holdsAt(now))
                .map(row -> row.opened(tenant))
                .toList());
  }
}
