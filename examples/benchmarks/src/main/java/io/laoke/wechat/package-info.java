/** What a benchmark needs of the inside of laoke-wechat. */
@NullMarked
package io.laoke.wechat;

import org.jspecify.annotations.NullMarked;
