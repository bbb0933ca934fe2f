package io.laoke.simulator;

import io.laoke.simulator.SimulatedAccount.LibraryTemplate;
import java.util.LinkedHashMap;
import java.util.Map;

/** A few templates as the category library of a household-appliance dealer has them. */
final class Library {
  private Library() {}

  static void fill(Map<String, LibraryTemplate> library) {
    put(
        library,
        "47123",
        "订单状态通知",
        "订单号",
        "character_string1",
        "商品名称",
        "thing2",
        "订单状态",
        "phrase3",
        "更新时间",
        "time4",
        "订单金额",
        "amount5");
    put(
        library,
        "48058",
        "订单发货通知",
        "订单号",
        "character_string1",
        "商品名称",
        "thing2",
        "发货时间",
        "time3",
        "快递公司",
        "thing4",
        "快递单号",
        "character_string5");
    put(
        library,
        "50913",
        "上门安装通知",
        "工单号",
        "character_string1",
        "安装产品",
        "thing2",
        "预约时间",
        "time3",
        "安装师傅",
        "name4",
        "联系电话",
        "phone_number5");
    put(library, "52266", "设备保养提醒", "设备名称", "thing1", "保养项目", "thing2", "到期日期", "date3");
  }

  private static void put(
      Map<String, LibraryTemplate> library, String shortId, String title, String... words) {
    Map<String, String> keywords = new LinkedHashMap<>();
    for (int i = 0; i < words.length; i += 2) {
      keywords.put(words[i], words[i + 1]);
    }
    library.put(shortId, new LibraryTemplate(shortId, title, keywords));
  }
}
