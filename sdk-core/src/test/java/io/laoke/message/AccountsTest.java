package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.ChannelException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccountsTest {
  private final DealerAccount fixed = new DealerAccount("hengxin", new FakeAccount("wx1"));
  private final DealerAccount more = new DealerAccount("hengxin", new FakeAccount("wx2"));

  @Test
  void whatASourceListsIsSeenAtTheNextCall() {
    List<DealerAccount> listed = new ArrayList<>();
    Accounts accounts = new Accounts(List.of(fixed), () -> listed);

    assertThat(accounts.find("wx2")).isEmpty();
    listed.add(more);
    assertThat(accounts.find("wx2")).contains(more);
    listed.clear();
    assertThat(accounts.find("wx2")).isEmpty();
  }

  @Test
  void whileASourceFailsWhatItListedLastStaysInUse() {
    Source source = new Source();
    Accounts accounts = new Accounts(List.of(fixed), source);
    source.listed = List.of(more);
    assertThat(accounts.all()).containsExactly(fixed, more);

    source.failure = new IllegalStateException("cache down");
    assertThat(accounts.all()).containsExactly(fixed, more);
    source.failure = null;
    source.listed = null; // neither is a list
    assertThat(accounts.all()).containsExactly(fixed, more);

    source.listed = List.of();
    assertThat(accounts.all()).containsExactly(fixed);
  }

  @Test
  void saysSoWhileASourceHasNeverListedAnything() {
    Source source = new Source();
    source.failure = new IllegalStateException("cache down");
    Accounts accounts = new Accounts(List.of(fixed), source);

    assertThatThrownBy(() -> accounts.find("wx2"))
        .isInstanceOfSatisfying(
            ChannelException.class, failed -> assertThat(failed.retryable()).isTrue())
        .hasMessageContaining("account source failed");
  }

  @Test
  void anAccountForTextMessagesIsNobodysDefault() {
    DealerAccount sms = new DealerAccount("hengxin", new SmsOnly());
    Accounts accounts = new Accounts(List.of(sms, fixed, more));

    assertThat(accounts.standard("hengxin")).contains(fixed.account());
    assertThat(accounts.forSms("hengxin")).containsExactly(sms.account());
    assertThat(accounts.of("hengxin")).hasSize(3);
    assertThat(new Accounts(List.of(sms)).standard("hengxin")).isEmpty();
  }

  private static final class SmsOnly implements Account {
    @Override
    public String key() {
      return "sms";
    }

    @Override
    public Optional<MessageChannel> channel(ChannelKind kind) {
      return kind == ChannelKind.SMS ? Optional.of(new FakeChannel()) : Optional.empty();
    }

    @Override
    public <T> Optional<T> capability(Class<T> type) {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  @Test
  void oneThatCannotBeClosedKeepsNoOtherOpen() {
    List<String> closed = new ArrayList<>();
    Accounts accounts =
        new Accounts(
            List.of(
                new DealerAccount("hengxin", new Closing("wx1", closed, true)),
                new DealerAccount("hengxin", new Closing("wx2", closed, false))));

    accounts.close();

    assertThat(closed).containsExactly("wx1", "wx2");
  }

  private static final class Source implements AccountSource {
    Collection<DealerAccount> listed = List.of();
    RuntimeException failure;

    @Override
    public Collection<DealerAccount> accounts() {
      if (failure != null) {
        throw failure;
      }
      return listed;
    }
  }

  private record Closing(String key, List<String> closed, boolean fails) implements Account {
    @Override
    public Optional<MessageChannel> channel(ChannelKind kind) {
      return Optional.empty();
    }

    @Override
    public <T> Optional<T> capability(Class<T> type) {
      return Optional.empty();
    }

    @Override
    public void close() {
      closed.add(key);
      if (fails) {
        throw new IllegalStateException("stuck");
      }
    }
  }
}
