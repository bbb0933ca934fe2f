package io.laoke.inbox;

import io.laoke.member.Members;
import io.laoke.order.Orders;
import io.laoke.order.Returns;

/** What a row says, checked, and how it is said to the public API. */
interface Fact {
  /** Says it; may be repeated. */
  void tell(Doors doors);

  /** The public API of a dealer, in one transaction. */
  record Doors(Members members, Orders orders, Returns returns) {}

  /** What a row is about. Equal names in the column {@code kind}. */
  enum Kind {
    MEMBER("customerNo"),
    ORDER("orderNo"),
    STAGE("orderNo"),
    RETURN("noteNo");

    private final String key;

    Kind(String key) {
      this.key = key;
    }

    /** The field that says again what the column ref says. */
    String key() {
      return key;
    }

    /** Whether a later fact of the same number says all that an earlier one could. */
    boolean whole() {
      return this != STAGE;
    }
  }
}
