package io.laoke.reminder;

import java.time.LocalDate;
import java.util.Optional;

/** From what day on the first service of a unit is counted. */
public enum Basis {
  /** 送达日: it was delivered. */
  DELIVERED("送达", "delivered"),
  /** 安装日: it was installed, the last time if there are several. */
  INSTALLED("安装", "installed"),
  /** 完成日: its order was completed. */
  COMPLETED("完成", "completed"),
  /** 上次服务日: it got a service of whatever kind, the last time if there are several. */
  LAST_SERVICE("上次服务", "last serviced");

  private final String chinese;
  private final String english;

  Basis(String chinese, String english) {
    this.chinese = chinese;
    this.english = english;
  }

  /** The word for it, such as 安装. */
  public String chinese() {
    return chinese;
  }

  String english() {
    return english;
  }

  Optional<LocalDate> of(UnitDays days) {
    return switch (this) {
      case DELIVERED -> days.delivered();
      case INSTALLED -> days.installed();
      case COMPLETED -> days.completed();
      case LAST_SERVICE -> days.serviced();
    };
  }
}
