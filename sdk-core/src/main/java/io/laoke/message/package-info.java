/**
 * Messages to people and facts from them: the SPIs of channels and gates, the outbox, the delivery
 * engine, decision records and inbound facts.
 */
@NullMarked
package io.laoke.message;

import org.jspecify.annotations.NullMarked;
