package io.laoke.push;

import static io.laoke.base.Check.notNull;

import java.util.List;

/**
 * A page of an account's draft box.
 *
 * @param total how many drafts there are in all
 * @param drafts these, in the platform's order
 */
public record DraftPage(long total, List<StaffDraft> drafts) {
  /** Copies. */
  public DraftPage {
    drafts = List.copyOf(notNull("drafts", drafts));
  }
}
