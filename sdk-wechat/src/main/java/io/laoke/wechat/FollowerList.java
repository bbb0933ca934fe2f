package io.laoke.wechat;

import io.laoke.error.NotFoundException;
import io.laoke.member.FollowerSource;
import java.util.List;
import java.util.Optional;

/** Who follows, for the engine: {@code user/get} and {@code user/info/batchget}. */
final class FollowerList implements FollowerSource {
  private static final int INVALID_OPENID = 40003;

  private final Followers followers;
  private final Users users;

  FollowerList(Followers followers, Users users) {
    this.followers = followers;
    this.users = users;
  }

  @Override
  public Page page(Optional<String> after) {
    try {
      Followers.Page page = followers.page(after);
      return new Page(page.total(), page.openids(), page.next());
    } catch (WeChatException refused) {
      if (after.isPresent() && refused.code() == INVALID_OPENID) {
        throw new NotFoundException(
            "WeChat does not know any more where the list of followers was left: the follower there has gone. Ask for the first page again.");
      }
      throw refused;
    }
  }

  @Override
  public List<Detail> details(List<String> openids) {
    return users.find(openids).stream()
        .map(user -> new Detail(user.openid(), user.follows(), user.followedAt()))
        .toList();
  }
}
