/**
 * The ERP of a dealer in home appliances: orders, goods, stores, salespeople. What it has to do
 * with Laoke stands in {@code CustomerNotices} alone.
 */
@NullMarked
package io.laoke.examples.erp;

import org.jspecify.annotations.NullMarked;
