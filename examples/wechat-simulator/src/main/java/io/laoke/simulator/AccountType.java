package io.laoke.simulator;

/** Kind of an Official Account; it decides which calls are granted (others answer 48001). */
public enum AccountType {
  /** 服务号, verified: every call of the simulator. */
  VERIFIED_SERVICE(true, true),
  /** 服务号, not verified: token, callbacks and passive replies only. */
  SERVICE(true, false),
  /** 订阅号, verified: users, but neither QR codes nor template messages. */
  VERIFIED_SUBSCRIPTION(false, true),
  /** 订阅号, not verified or personal: token, callbacks and passive replies only. */
  SUBSCRIPTION(false, false);

  private final boolean service;
  private final boolean verified;

  AccountType(boolean service, boolean verified) {
    this.service = service;
    this.verified = verified;
  }

  /** Whether it is a 服务号. */
  public boolean isService() {
    return service;
  }

  /** Whether it passed 微信认证. */
  public boolean isVerified() {
    return verified;
  }
}
