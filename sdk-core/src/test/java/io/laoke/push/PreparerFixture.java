package io.laoke.push;

import io.laoke.base.Sealer;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.Privacy;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Account;
import io.laoke.message.Accounts;
import io.laoke.message.DealerAccount;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** Contents and their preparer, without an engine. */
final class PreparerFixture {
  static final Duration LONG = Duration.ofMinutes(10);

  final Tenant tenant =
      new Tenant(
          1, "hengxin", ZoneId.of("Asia/Shanghai"), new Privacy(new byte[32], Sealer.plain()));
  final ContentParts module;
  final ContentPreparer preparer;
  final Channels.Channel channel;
  private final Database database;

  PreparerFixture(Database database, Account wechat) {
    this.database = database;
    Clock clock = Clock.fixed(Instant.parse("2026-05-01T02:00:00Z"), ZoneId.of("Asia/Shanghai"));
    module =
        new ContentParts(
            new Accounts(List.of(new DealerAccount("hengxin", wechat))),
            new Ids(database, Clock.systemUTC()),
            clock);
    preparer = module.preparer(database);
    channel = module.channels().of(tenant, wechat.key());
  }

  Contents contents() {
    return module.contents(database, tenant);
  }

  ChannelAnswer<MassPayload> prepare(String batch, Content content) {
    return preparer.prepare(tenant, channel, ContentPreparer.Batch.of(batch, content), LONG);
  }
}
