/** Notices 进度通知: which template tells which stage, and to whom. */
@NullMarked
package io.laoke.notice;

import org.jspecify.annotations.NullMarked;
