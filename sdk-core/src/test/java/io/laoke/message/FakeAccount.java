package io.laoke.message;

import java.util.Optional;

/** An account with one channel. */
final class FakeAccount implements Account {
  final String key;
  final FakeChannel channel = new FakeChannel();
  boolean withChannel = true;

  FakeAccount(String key) {
    this.key = key;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public Optional<MessageChannel> channel(ChannelKind kind) {
    return withChannel && kind == ChannelKind.WECHAT_TEMPLATE
        ? Optional.of(channel)
        : Optional.empty();
  }

  @Override
  public <T> Optional<T> capability(Class<T> type) {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
