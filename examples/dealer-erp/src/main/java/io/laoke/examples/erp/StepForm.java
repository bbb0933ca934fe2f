package io.laoke.examples.erp;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** What is filled in for the next step of an order. */
class StepForm {
  @SuppressWarnings("MultipleNullnessAnnotations") // asked of the user, not true of the field
  @NotNull(message = "请选择要办理的步骤")
  private @Nullable OrderStatus to;

  private @Nullable LocalDate visitOn;

  @Size(max = 20, message = "时段最多 20 个字")
  private @Nullable String visitSlot;

  @Size(max = 30, message = "师傅姓名最多 30 个字")
  private @Nullable String worker;

  @Size(max = 100, message = "备注最多 100 个字")
  private @Nullable String note;

  /** A form for that step. */
  static StepForm to(OrderStatus to) {
    StepForm form = new StepForm();
    form.setTo(to);
    return form;
  }

  @AssertTrue(message = "预约必须选日期")
  public boolean isVisitOnGiven() {
    return to != OrderStatus.SCHEDULED || visitOn != null;
  }

  public @Nullable OrderStatus getTo() {
    return to;
  }

  public void setTo(@Nullable OrderStatus to) {
    this.to = to;
  }

  public @Nullable LocalDate getVisitOn() {
    return visitOn;
  }

  public void setVisitOn(@Nullable LocalDate visitOn) {
    this.visitOn = visitOn;
  }

  public @Nullable String getVisitSlot() {
    return visitSlot;
  }

  public void setVisitSlot(@Nullable String visitSlot) {
    this.visitSlot = visitSlot;
  }

  public @Nullable String getWorker() {
    return worker;
  }

  public void setWorker(@Nullable String worker) {
    this.worker = worker;
  }

  public @Nullable String getNote() {
    return note;
  }

  public void setNote(@Nullable String note) {
    this.note = note;
  }
}
