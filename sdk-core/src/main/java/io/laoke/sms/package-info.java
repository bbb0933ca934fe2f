/**
 * Text messages 短信 in mainland China: providers, the registry of approved templates, what the
 * delivery engine needs to send them, their receipts and replies.
 */
@NullMarked
package io.laoke.sms;

import org.jspecify.annotations.NullMarked;
