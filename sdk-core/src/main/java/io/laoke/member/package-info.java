/** Members 会员 and the identities by which they are known. */
@NullMarked
package io.laoke.member;

import org.jspecify.annotations.NullMarked;
