package io.laoke.segment;

/** A flag that is true where there are rows; never missing. */
record Existing(String subquery) implements Cell {
  @Override
  public String holds(Condition condition, Binds binds) {
    return truth(condition, false);
  }

  @Override
  public String fails(Condition condition, Binds binds) {
    return truth(condition, true);
  }

  private String truth(Condition condition, boolean negated) {
    boolean ifTrue = Values.holds(condition, true) != negated;
    boolean ifFalse = Values.holds(condition, false) != negated;
    if (ifTrue == ifFalse) {
      return Logic.constant(ifTrue);
    }
    return (ifTrue ? "EXISTS (" : "NOT EXISTS (") + subquery + ")";
  }
}
