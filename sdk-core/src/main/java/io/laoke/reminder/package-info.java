/** Service reminders 服务提醒: when what was sold is due for a service, and what is done about it. */
@NullMarked
package io.laoke.reminder;

import org.jspecify.annotations.NullMarked;
