/**
 * The WeChat Official Account platform, offline, with its rules. {@link
 * io.laoke.simulator.WeChatSimulator} is the door: start it, add an account, let a {@link
 * io.laoke.simulator.Follower} act, read what the platform saw.
 */
@NullMarked
package io.laoke.simulator;

import org.jspecify.annotations.NullMarked;
