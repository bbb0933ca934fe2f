package io.laoke.examples.erp;

import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is filled in for a new order. */
class OrderForm {
  static final int MAX_LINES = 30;

  @NotBlank
  @Size(max = 36)
  private String requestId = UUID.randomUUID().toString();

  @NotBlank(message = "请填写客户姓名")
  @Size(max = 30, message = "姓名最多 30 个字")
  private @Nullable String customerName;

  @NotBlank(message = "请填写手机号")
  @Pattern(regexp = "\\s*|1[3-9]\\d{9}", message = "手机号应为 11 位数字，以 13 至 19 开头")
  private @Nullable String customerPhone;

  @NotBlank(message = "请选择地区")
  @Size(max = 100, message = "地区最多 100 个字")
  private @Nullable String region;

  @NotBlank(message = "请填写街道门牌")
  @Size(max = 100, message = "地址最多 100 个字")
  private @Nullable String street;

  @NotBlank(message = "请选择导购员")
  private @Nullable String salesperson;

  @NotBlank(message = "请选择销售渠道")
  @Size(max = 20, message = "渠道最多 20 个字")
  private @Nullable String channel = "门店";

  @Valid
  @Size(max = MAX_LINES, message = "一张订单最多 " + MAX_LINES + " 行")
  private List<Line> lines = new ArrayList<>();

  /** A form with some empty lines. */
  static OrderForm blank(int lines) {
    OrderForm form = new OrderForm();
    for (int i = 0; i < lines; i++) {
      form.lines.add(new Line());
    }
    return form;
  }

  @AssertTrue(message = "请至少选择一件商品")
  public boolean isSomethingChosen() {
    return lines.stream().anyMatch(Line::chosen);
  }

  public String getRequestId() {
    return requestId;
  }

  public void setRequestId(String requestId) {
    this.requestId = requestId;
  }

  public @Nullable String getCustomerName() {
    return customerName;
  }

  public void setCustomerName(@Nullable String customerName) {
    this.customerName = customerName;
  }

  public @Nullable String getCustomerPhone() {
    return customerPhone;
  }

  public void setCustomerPhone(@Nullable String customerPhone) {
    this.customerPhone = customerPhone;
  }

  public @Nullable String getRegion() {
    return region;
  }

  public void setRegion(@Nullable String region) {
    this.region = region;
  }

  public @Nullable String getStreet() {
    return street;
  }

  public void setStreet(@Nullable String street) {
    this.street = street;
  }

  public @Nullable String getSalesperson() {
    return salesperson;
  }

  public void setSalesperson(@Nullable String salesperson) {
    this.salesperson = salesperson;
  }

  public @Nullable String getChannel() {
    return channel;
  }

  public void setChannel(@Nullable String channel) {
    this.channel = channel;
  }

  public List<Line> getLines() {
    return lines;
  }

  public void setLines(List<Line> lines) {
    this.lines = lines;
  }

  /** One line; empty ones are passed over. */
  static class Line {
    private @Nullable String sku;

    @SuppressWarnings("MultipleNullnessAnnotations") // asked of the user, not true of the field
    @NotNull(message = "请填写数量")
    @Min(value = 1, message = "数量至少 1")
    @Max(value = 999, message = "数量最多 999")
    private @Nullable Integer quantity = 1;

    @DecimalMin(value = "0", message = "成交价不能为负")
    @DecimalMax(value = "999999.99", message = "成交价太大")
    @Digits(integer = 6, fraction = 2, message = "成交价最多两位小数")
    private @Nullable BigDecimal price;

    boolean chosen() {
      return sku != null && !sku.isBlank();
    }

    public @Nullable String getSku() {
      return sku;
    }

    public void setSku(@Nullable String sku) {
      this.sku = sku;
    }

    public @Nullable Integer getQuantity() {
      return quantity;
    }

    public void setQuantity(@Nullable Integer quantity) {
      this.quantity = quantity;
    }

    public @Nullable BigDecimal getPrice() {
      return price;
    }

    public void setPrice(@Nullable BigDecimal price) {
      this.price = price;
    }
  }
}
