package io.laoke.message;

import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Privacy;
import org.jspecify.annotations.Nullable;

/** A reply as the callback inbox keeps it, for repeats of the same fact. */
record StoredReply(@Nullable String text) {
  static String write(Json json, Privacy privacy, Reply reply) {
    String text = reply instanceof Reply.Text told ? told.text() : null;
    return Sealed.seal(json, privacy, json.write(new StoredReply(text)));
  }

  static Reply read(Json json, Privacy privacy, String sealed) {
    String text = json.read(Sealed.open(json, privacy, sealed), StoredReply.class).text;
    return text == null ? Reply.none() : Reply.text(text);
  }

  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "StoredReply";
  }
}
