package io.laoke.member;

/** By what a member is known. */
public enum IdentityKind {
  /** A person's id in one account. */
  OPENID,
  /** A person's id in all accounts of one owner. */
  UNIONID,
  /** A phone number. */
  PHONE,
  /** The ERP's number of the customer. */
  CUSTOMER_NO
}
