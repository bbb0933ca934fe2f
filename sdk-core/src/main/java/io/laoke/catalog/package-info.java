/** What the ERP sells and who sells it: categories, stores, staff. */
@NullMarked
package io.laoke.catalog;

import org.jspecify.annotations.NullMarked;
