package io.laoke.reminder;

/**
 * SPI: told once a day what each member of staff has on their list, from {@link
 * ReminderSettings#digestAt()} until the end of the contact hours, by whichever engine of the
 * database ticks or is started first and has a listener; those with nothing to do have no digest. A
 * day on which no engine worked in these hours has none, and none is told later. Once the business
 * clock was moved back, a day that had none has its own, and no day has two. It is the host's place
 * to say how it reaches its staff, such as by its own app or WeCom. Laoke sends by itself, each
 * once: text messages to the phones that {@code catalog().put(Staff)} has, if the dealer has an SMS
 * template of the key {@link ReminderSettings#DIGEST_SMS_TEMPLATE}; and to whoever was put with
 * {@code Staff.withDigestBy(WECHAT)}, WeChat messages to their own openid, if the dealer has set
 * {@code notices().digestTemplate(…)}. Once for each person and day, unless it throws or its
 * process ends before it returns: then it is told again a minute later, as long as it is that day.
 * Called on the engine's threads outside of any transaction, so it may call Laoke and others;
 * within a minute, or another engine tells it, too.
 */
@FunctionalInterface
public interface DigestListener {
  /** What somebody has to do. */
  void digest(Digest digest);
}
