package io.laoke;

import io.laoke.binding.Bindings;
import io.laoke.catalog.Catalog;
import io.laoke.imports.Imports;
import io.laoke.inbox.Inbox;
import io.laoke.member.Attributes;
import io.laoke.member.Events;
import io.laoke.member.Members;
import io.laoke.message.Deliveries;
import io.laoke.message.Diagnosis;
import io.laoke.notice.Notices;
import io.laoke.order.Orders;
import io.laoke.order.Returns;
import io.laoke.push.Contents;
import io.laoke.push.Plans;
import io.laoke.push.PushQuota;
import io.laoke.reminder.Reminders;
import io.laoke.reminder.Services;
import io.laoke.segment.Segments;
import io.laoke.sms.Sms;
import java.sql.Connection;

/**
 * One dealer's handle: every call about its customers goes through it, and dealers never meet.
 * Cheap to get, safe for use by many threads and to keep.
 *
 * <p>A call made inside a transaction that the host manages through a {@code HostTransaction} joins
 * it; otherwise each call is a transaction of its own.
 */
public interface Dealer {
  /** The host's name of the dealer. */
  String code();

  /**
   * This dealer, every call inside the transaction of that connection: it is committed and rolled
   * back by the host. Messages written so leave with the next tick, at most a second after the
   * commit while the engine is started.
   *
   * @param connection not in auto-commit mode; used by this handle only as long as the host's
   *     transaction lasts, and by one thread
   * @throws io.laoke.error.InvalidInputException if the connection is in auto-commit mode, or
   *     closed
   */
  Dealer in(Connection connection);

  /** Categories, stores and staff. */
  Catalog catalog();

  /** The people who buy, and by what they are known. */
  Members members();

  /** What is declared of the attributes of members, for segments to ask for. */
  Attributes attributes();

  /** What happens to members beside orders: declared, recorded, asked for in segments. */
  Events events();

  /** Orders, their stages, and what each member has bought. */
  Orders orders();

  /** What came back. */
  Returns returns();

  /** History from before Laoke, in bulk. */
  Imports imports();

  /** Codes, scans, and who receives an order's notices. */
  Bindings bindings();

  /** Which template tells which stage. */
  Notices notices();

  /** Questions about members: who is in a segment, how many are, and why. */
  Segments segments();

  /** What is sent to many: articles and the like, with their files and versions. */
  Contents contents();

  /** When what was sold is due for a service, and by which rules. */
  Reminders reminders();

  /** The services that units got. */
  Services services();

  /** Which content goes to which members: written, approved, and decided. */
  Plans plans();

  /** How many mass messages followers may still get. */
  PushQuota quota();

  /** What became of the facts that programs inserted as rows of table {@code inbox}. */
  Inbox inbox();

  /** Text messages: their approved templates, and who refuses promotions by them. */
  Sms sms();

  /** What waits to be sent, what was not and why, and what to do about it. */
  Deliveries deliveries();

  /**
   * Examines this dealer: its accounts (credentials, IP whitelist, permissions, clock, callback)
   * and whether the templates that tell its stages exist with their fields. Asks the platforms a
   * few questions that change nothing; takes seconds. What a platform refuses is a finding, never
   * an exception. The engine does this once by itself when it starts, and logs what is wrong.
   *
   * @throws io.laoke.error.ConflictException inside a transaction
   * @throws io.laoke.error.StoreException if the database fails
   */
  Diagnosis doctor();
}
