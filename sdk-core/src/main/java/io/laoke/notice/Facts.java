package io.laoke.notice;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a template can say of one occasion. */
interface Facts {
  /** The value of a name that templates of this subject may use; a time in this format if given. */
  String value(NoticeName name, @Nullable String format);

  /** The same in words that any field of its kind takes; empty where there are none. */
  String plain(NoticeName name);

  /** What the ERP reported under a name of its own; empty if nothing. */
  String detail(String name);

  /** Laoke's number of what it is about, for fields that take nothing but digits. */
  long number();

  /** Where the recipient sees more, if the dealer has pages. */
  Optional<String> page();
}
