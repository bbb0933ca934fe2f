package io.laoke.wechat;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Capability: what WeChat tells about the people of an account. It gives no name, picture, sex or
 * region any more; those must come from the ERP. Safe for use by many threads.
 */
public interface Users {
  /** How many openids {@link #find(Collection)} takes at once. */
  int MAX_BATCH = 100;

  /**
   * Asks for one person; one network call, repeated twice at most while WeChat is busy.
   *
   * @throws WeChatException when WeChat refuses, as for an openid of another account (40003), or
   *     cannot be reached
   */
  User find(String openid);

  /**
   * Asks for up to {@link #MAX_BATCH} persons; one network call as above, none for an empty
   * collection. WeChat refuses the whole batch if one openid is not this account's.
   *
   * @return in WeChat's order
   * @throws WeChatException when WeChat refuses or cannot be reached
   */
  List<User> find(Collection<String> openids);

  /**
   * A person.
   *
   * @param openid who, in this account
   * @param follows whether the person follows now; if not, nothing else is known
   * @param followedAt when the present following began
   * @param unionid the same for all accounts of one Open Platform account, if there is one
   * @param followScene how the person came, in WeChat's words such as {@code ADD_SCENE_QR_CODE};
   *     empty if unknown
   * @param scene the scene of the code by which the person came
   */
  record User(
      String openid,
      boolean follows,
      Optional<Instant> followedAt,
      Optional<String> unionid,
      String followScene,
      Optional<String> scene) {
    /** Shows no identity. */
    @Override
    public String toString() {
      return "User[" + (follows ? "follows, " + followScene : "does not follow") + "]";
    }
  }
}
