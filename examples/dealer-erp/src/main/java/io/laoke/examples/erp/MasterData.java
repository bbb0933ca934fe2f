package io.laoke.examples.erp;

import java.math.BigDecimal;
import java.util.List;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * 基础资料: the stores, people and goods of 恒信家电, put into an empty database, and what Laoke is to
 * know. It is there before Laoke starts, which looks at the start whether anything is missing.
 */
@Component
class MasterData implements SmartInitializingSingleton {
  static final List<String> REGIONS =
      List.of(
          "浙江/杭州/西湖区",
          "浙江/杭州/上城区",
          "浙江/杭州/拱墅区",
          "浙江/杭州/滨江区",
          "浙江/杭州/萧山区",
          "浙江/杭州/余杭区",
          "浙江/绍兴/柯桥区");
  static final List<String> CHANNELS = List.of("门店", "小区团购", "电商", "老客介绍");

  private final StoreTable stores;
  private final Salespeople salespeople;
  private final ProductCategories categories;
  private final Products products;
  private final NumberSeriesTable numbers;
  private final CustomerNotices notices;
  private final ServiceDesk services;
  private final SmsTexts texts;
  private final PlanDesk plans;
  private final String account;
  private final String progress;
  private final String visit;
  private final String care;
  private final String subscription;

  MasterData(
      StoreTable stores,
      Salespeople salespeople,
      ProductCategories categories,
      Products products,
      NumberSeriesTable numbers,
      CustomerNotices notices,
      ServiceDesk services,
      SmsTexts texts,
      PlanDesk plans,
      @Value("${laoke.wechat.accounts.hengxin.app-id}") String account,
      @Value("${erp.templates.progress}") String progress,
      @Value("${erp.templates.visit}") String visit,
      @Value("${erp.templates.care}") String care,
      @Value("${erp.templates.subscription}") String subscription) {
    this.stores = stores;
    this.salespeople = salespeople;
    this.categories = categories;
    this.products = products;
    this.numbers = numbers;
    this.notices = notices;
    this.services = services;
    this.texts = texts;
    this.plans = plans;
    this.account = account;
    this.progress = progress;
    this.visit = visit;
    this.care = care;
    this.subscription = subscription;
  }

  @Override
  @Transactional
  public void afterSingletonsInstantiated() {
    if (stores.count() == 0) {
      fill();
    }
    if (!numbers.existsById(NumberSeries.WORK_ORDER)) {
      numbers.save(new NumberSeries(NumberSeries.WORK_ORDER));
    }
    notices.masterData(categories.findAll(), stores.findAll(), salespeople.findAll()); // Laoke
    notices.templates(progress, visit); // Laoke
    services.templates(account, care, subscription); // Laoke
    texts.register(); // Laoke
    plans.settle(); // Laoke
  }

  private void fill() {
    numbers.save(new NumberSeries(NumberSeries.SALES_ORDER));
    Store west = stores.save(new Store("HZ01", "西湖文三路店", "浙江/杭州/西湖区", "0571-88001201"));
    Store south = stores.save(new Store("HZ02", "萧山市心路店", "浙江/杭州/萧山区", "0571-82001202"));
    Store shaoxing = stores.save(new Store("SX01", "柯桥万达店", "浙江/绍兴/柯桥区", "0575-84001203"));
    salespeople.save(new Salesperson("D1001", "王丽娟", west, "店长", "15499991001"));
    salespeople.save(new Salesperson("D1002", "陈志强", west, "售后", "15499991002"));
    salespeople.save(new Salesperson("D2001", "沈佳", south, "店长", "15499992001"));
    salespeople.save(new Salesperson("D2002", "俞建国", south, "售后", "15499992002"));
    salespeople.save(new Salesperson("D3001", "孟晓燕", shaoxing, "店长", "15499993001"));

    ProductCategory hood = category("kitchen", "厨房电器", "hood", "油烟机");
    goods("KH2101", "侧吸式油烟机 22立方", "云岚", "YL-C22", hood, "2999");
    goods("KH2102", "顶侧双吸油烟机 26立方", "云岚", "YL-D26", hood, "4599");
    goods("KH2103", "变频欧式油烟机", "方圆", "FY-T9", hood, "3899");
    ProductCategory stove = category("kitchen", "厨房电器", "stove", "燃气灶");
    goods("KS2201", "双眼燃气灶 5.2kW 天然气", "云岚", "YL-B52", stove, "1299");
    goods("KS2202", "防干烧燃气灶 5.0kW", "方圆", "FY-Z50", stove, "1899");
    ProductCategory dishwasher = category("kitchen", "厨房电器", "dishwasher", "洗碗机");
    goods("KD2301", "嵌入式洗碗机 15套", "海澜", "HL-W15", dishwasher, "5299");
    ProductCategory purifier = category("water", "水家电", "purifier", "净水器");
    goods("WP3101", "反渗透净水器 1000G", "清泉", "QQ-1000", purifier, "2599");
    goods("WP3102", "厨下净热一体机", "清泉", "QQ-H8", purifier, "3999");
    ProductCategory filter = category("water", "水家电", "filter", "净水滤芯");
    goods("WF3201", "RO 膜滤芯 1000G", "清泉", "QQ-RO10", filter, "699");
    goods("WF3202", "复合滤芯 PCB", "清泉", "QQ-PCB", filter, "299");
    ProductCategory heater = category("water", "水家电", "heater", "热水器");
    goods("WH3301", "零冷水燃气热水器 16L", "云岚", "YL-R16", heater, "3699");
    goods("WH3302", "电热水器 60L", "海澜", "HL-E60", heater, "1799");
    ProductCategory fridge = category("cold", "冰洗空调", "fridge", "冰箱");
    goods("CF4101", "对开门冰箱 520升", "海澜", "HL-520W", fridge, "4999");
    goods("CF4102", "法式四门冰箱 485升", "雪原", "XY-485F", fridge, "6499");
    ProductCategory washer = category("cold", "冰洗空调", "washer", "洗衣机");
    goods("CW4201", "滚筒洗烘一体机 10公斤", "海澜", "HL-X10", washer, "3999");
    ProductCategory aircon = category("cold", "冰洗空调", "aircon", "空调");
    goods("CA4301", "壁挂式空调 1.5匹 新一级", "雪原", "XY-35G", aircon, "2899");
    goods("CA4302", "柜式空调 3匹 新一级", "雪原", "XY-72L", aircon, "6299");
    ProductCategory tv = category("av", "影音", "tv", "电视");
    goods("AT5101", "75英寸 Mini LED 电视", "视界", "SJ-75M", tv, "5999");
    goods("AT5102", "65英寸 4K 电视", "视界", "SJ-65K", tv, "3299");
    ProductCategory audio = category("av", "影音", "audio", "音响");
    goods("AA5201", "回音壁音响 5.1", "视界", "SJ-S51", audio, "1699");
    ProductCategory service = category("service", "服务", "care", "安装与延保");
    work("SV9101", "厨电安装服务", "YL-AZ", service, "150");
    work("SV9102", "整机延保三年", "YB-3", service, "399");
  }

  private ProductCategory category(String groupCode, String group, String code, String name) {
    return categories.save(new ProductCategory(groupCode, group, code, name));
  }

  private void goods(
      String sku, String name, String brand, String model, ProductCategory category, String price) {
    products.save(new Product(sku, name, brand, model, category, new BigDecimal(price), false));
  }

  private void work(String sku, String name, String model, ProductCategory category, String price) {
    products.save(new Product(sku, name, "恒信", model, category, new BigDecimal(price), true));
  }
}
