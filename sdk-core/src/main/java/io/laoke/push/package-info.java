/** Plans 群发计划: which members get which content, within what the platform allows. */
@NullMarked
package io.laoke.push;

import org.jspecify.annotations.NullMarked;
