package io.laoke.catalog;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Phone;
import java.util.Optional;

/**
 * A member of staff 员工. Their phone never identifies a customer, and their WeChat accounts never
 * bind as customers, while they are active.
 *
 * @param code the ERP's code of the person, at most 64 characters
 * @param name the name
 * @param role what the person does, in the dealer's own words, at most 32 characters
 * @param phone the number
 * @param store code of the store; it may be put later
 * @param active whether the person works for the dealer now
 * @param digestBy how each day's digest of what they have to do is sent to them, besides what a
 *     {@code DigestListener} is told
 */
public record Staff(
    String code,
    String name,
    Optional<String> role,
    Optional<Phone> phone,
    Optional<String> store,
    boolean active,
    DigestBy digestBy) {
  /** How somebody gets each day's digest. */
  public enum DigestBy {
    /** As a text message to their phone. */
    SMS,
    /**
     * As a WeChat message to an openid that is theirs, in an account that has a template of
     * digests; as a text message where there is none.
     */
    WECHAT,
    /** Not at all. */
    NONE
  }

  /** Checks. */
  public Staff {
    code = Keys.line("code", code, 64);
    name = Keys.line("name", name, 100);
    role = notNull("role", role).map(text -> Keys.line("role", text, 32));
    notNull("phone", phone);
    store = notNull("store", store).map(key -> Keys.line("store", key, 64));
    notNull("digestBy", digestBy);
  }

  /** Somebody active of whom no more is known, and who gets digests by text message. */
  public static Staff of(String code, String name) {
    return new Staff(
        code, name, Optional.empty(), Optional.empty(), Optional.empty(), true, DigestBy.SMS);
  }

  /** With this role. */
  public Staff withRole(String role) {
    return new Staff(
        code, name, Optional.of(notNull("role", role)), phone, store, active, digestBy);
  }

  /** With this phone, as it is written down. */
  public Staff withPhone(String phone) {
    return new Staff(
        code, name, role, Optional.of(Phone.parse("phone", phone)), store, active, digestBy);
  }

  /** In this store. */
  public Staff withStore(String store) {
    return new Staff(
        code, name, role, phone, Optional.of(notNull("store", store)), active, digestBy);
  }

  /** Active or gone. */
  public Staff withActive(boolean active) {
    return new Staff(code, name, role, phone, store, active, digestBy);
  }

  /** With digests sent so. */
  public Staff withDigestBy(DigestBy digestBy) {
    return new Staff(code, name, role, phone, store, active, digestBy);
  }

  /** Shows no name and no phone. */
  @Override
  public String toString() {
    return "Staff[" + code + "]";
  }
}
