/** Orders 订单 as the ERP reports them, their stages, returns, and what each member has bought. */
@NullMarked
package io.laoke.order;

import org.jspecify.annotations.NullMarked;
