/** Order binding 订单绑定: codes, scans, and who receives an order's notices. */
@NullMarked
package io.laoke.binding;

import org.jspecify.annotations.NullMarked;
