package io.laoke.examples.erp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** 起稿: four articles to begin with, so that nobody faces an empty page. */
@Component
class SampleArticles {
  private record Sample(String name, String title, String digest, String cover, String body) {}

  private static final Map<String, Sample> ALL = new LinkedHashMap<>();

  static {
    ALL.put(
        "kitchen",
        new Sample(
            "厨电",
            "厨房焕新：烟机灶具以旧换新",
            "旧机抵 500 元，送货安装拆旧一次完成。",
            "kitchen",
            """
            <p>用了八年的油烟机，吸力还剩几成？</p>
            <p><img src="laoke-file:%s" alt="油烟机"></p>
            <h3>三步换新</h3>
            <p>一、到店或打电话预约测量；二、选机型，旧机抵 <strong>500 元</strong>；三、送货、拆旧、安装一次完成。</p>
            <p>老会员再送一次整机清洗。</p>"""));
    ALL.put(
        "cleaning",
        new Sample(
            "清洁",
            "油烟机半年没洗？上门深度清洗",
            "拆洗风轮油网，做完当面试机。",
            "cleaning",
            """
            <p>油烟机、空调半年一洗，吸力和制冷都能回来。</p>
            <p><img src="laoke-file:%s" alt="清洗前后"></p>
            <h3>怎么洗</h3>
            <p>师傅上门拆下风轮和油网，高温蒸汽去油，装回后当面试机，约 90 分钟。</p>"""));
    ALL.put(
        "av",
        new Sample(
            "影音",
            "把影院搬回家：大屏与回音壁",
            "75 英寸加回音壁，周末到店试看。",
            "av",
            """
            <p>周末一家人看部电影，不用出门。</p>
            <p><img src="laoke-file:%s" alt="客厅"></p>
            <h3>到店试看</h3>
            <p>西湖、萧山、柯桥三店都有试看间，带上老订单号，挂装免费。</p>"""));
    ALL.put(
        "value",
        new Sample(
            "超值",
            "老会员专享：本月超值清单",
            "滤芯八折，延保买三送一。",
            "value",
            """
            <p>谢谢您一直选择恒信家电。</p>
            <p><img src="laoke-file:%s" alt="优惠券"></p>
            <h3>本月清单</h3>
            <p>净水滤芯八折；整机延保买三年送一年；小家电满 500 减 50。到店出示本页即可。</p>"""));
  }

  private static final Map<String, String> INSIDE =
      Map.of("kitchen", "hood", "cleaning", "filter", "av", "living", "value", "coupon");

  private final PictureShelf pictures;

  SampleArticles(PictureShelf pictures) {
    this.pictures = pictures;
  }

  /** Names by code. */
  Map<String, String> names() {
    Map<String, String> names = new LinkedHashMap<>();
    ALL.forEach((code, sample) -> names.put(code, sample.name()));
    return names;
  }

  Optional<ArticleForm> form(String code) {
    return Optional.ofNullable(ALL.get(code))
        .map(
            sample -> {
              ArticleForm form = new ArticleForm();
              form.setName(sample.name());
              form.setTitle(sample.title());
              form.setDigest(sample.digest());
              form.setAuthor("恒信家电");
              form.setCover(pictures.bundled(sample.cover()).sha256());
              form.setBody(
                  sample
                      .body()
                      .formatted(pictures.bundled(INSIDE.getOrDefault(code, "hood")).sha256()));
              return form;
            });
  }
}
