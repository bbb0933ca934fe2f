package io.laoke.reminder;

/**
 * Staff booked a slot: the ERP makes its own work order 工单 of it, and tells its number by {@link
 * Tasks#workOrder}.
 *
 * @param dealer the host's name of the dealer
 * @param task as it is now; it has a slot
 */
public record ReminderBooked(String dealer, Task task) {}
