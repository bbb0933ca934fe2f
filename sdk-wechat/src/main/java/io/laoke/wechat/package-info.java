/** WeChat Official Accounts behind Laoke's SPIs. */
@NullMarked
package io.laoke.wechat;

import org.jspecify.annotations.NullMarked;
