package io.laoke.simulator;

import java.util.List;
import java.util.Optional;

/**
 * What came of something a follower did.
 *
 * @param shown what the phone shows by itself, such as 二维码已过期; empty if nothing
 * @param callbacks pushes to the host that it caused, with their tries
 * @param replies what appeared in the chat because of it
 */
public record Reaction(String shown, List<CallbackDelivery> callbacks, List<ChatMessage> replies) {

  /** Copies the lists. */
  public Reaction {
    callbacks = List.copyOf(callbacks);
    replies = List.copyOf(replies);
  }

  static Reaction shown(String words) {
    return new Reaction(words, List.of(), List.of());
  }

  /** The text of the first passive reply, if the host gave one. */
  public Optional<String> reply() {
    return replies.stream()
        .filter(
            message ->
                message.kind() == ChatMessage.Kind.REPLY || message.kind() == ChatMessage.Kind.NEWS)
        .map(ChatMessage::text)
        .findFirst();
  }

  /** Whether every push was answered in time and usable. */
  public boolean delivered() {
    return callbacks.stream()
        .allMatch(callback -> callback.status() == CallbackDelivery.Status.DELIVERED);
  }

  /** Tries of all pushes together. */
  public int attempts() {
    return callbacks.stream().mapToInt(callback -> callback.attempts().size()).sum();
  }
}
