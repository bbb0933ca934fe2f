package io.laoke.inbox;

import io.laoke.member.MemberProfile;
import io.laoke.member.Members;
import io.laoke.order.Order;
import io.laoke.order.Orders;
import io.laoke.order.ReturnNote;
import io.laoke.order.Returns;
import io.laoke.order.StageReport;

/** What a row says, checked. */
interface Fact {
  /** Says it; may be repeated. */
  void tell(Hearer hearer);

  /** To whom facts are told. */
  interface Hearer {
    void put(MemberProfile profile);

    void upsert(Order order);

    void advance(String orderNo, StageReport report);

    void record(ReturnNote note);
  }

  /** The public API of a dealer, in one transaction. */
  record Doors(Members members, Orders orders, Returns returns) implements Hearer {
    @Override
    public void put(MemberProfile profile) {
      members.put(profile);
    }

    @Override
    public void upsert(Order order) {
      orders.upsert(order);
    }

    @Override
    public void advance(String orderNo, StageReport report) {
      orders.advance(orderNo, report);
    }

    @Override
    public void record(ReturnNote note) {
      returns.record(note);
    }
  }

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

    /** Whether its number is an order's. */
    boolean ofOrder() {
      return this == ORDER || this == STAGE;
    }

    /** Whether a later fact of the same number says all that an earlier one could. */
    boolean whole() {
      return this != STAGE;
    }
  }
}
