package io.laoke.examples.erp;

import io.laoke.member.Gender;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;

/**
 * A customer of the demo, who is nobody: the phone has a prefix that no network was ever given.
 *
 * @param no number of the member's card
 * @param name the name
 * @param gender the gender, if it was asked for
 * @param birthday the birthday, if it was asked for
 * @param store where they mostly buy
 * @param region where they live
 * @param street and house
 * @param phone the number
 * @param house what they live in, a code of the attribute
 * @param tags what staff sort them by; filled while their purchases are made
 */
record DemoCustomer(
    String no,
    String name,
    Optional<Gender> gender,
    Optional<LocalDate> birthday,
    String store,
    String region,
    String street,
    String phone,
    String house,
    TreeSet<String> tags) {
  private static final long PHONES = 15_400_000_000L;
  private static final String SURNAMES =
      "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏傅方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤";
  private static final String[] WOMEN =
      "秀英 丽娟 敏 静 芳 娜 桂兰 玉梅 晓燕 雪琴 佳怡 雨欣 诗涵 梦琪 思雨 欣妍 婷 倩 洁 慧 春梅 红霞 美玲 丹 晶 琳 雅琴 凤仙 小红 文娟 淑芬 亚萍 爱华 月娥 语桐 若溪"
          .split(" ");
  private static final String[] MEN =
      "伟 强 磊 军 勇 杰 涛 明 建国 志强 建华 国栋 文斌 浩然 子轩 俊杰 宇航 天佑 海波 振华 永康 立新 德胜 晓东 家豪 鹏飞 少华 卫东 庆丰 佳明 一鸣 思源"
          .split(" ");
  private static final String[] ROADS =
      "文三路 莫干山路 天目山路 教工路 古墩路 体育场路 中河路 江南大道 市心路 金城路 晨晖路 建设一路 笛扬路 群贤路 育才路 湖西路".split(" ");
  private static final Map<String, List<String>> AROUND =
      Map.of(
          "HZ01", List.of("浙江/杭州/西湖区", "浙江/杭州/拱墅区", "浙江/杭州/余杭区", "浙江/杭州/上城区"),
          "HZ02", List.of("浙江/杭州/萧山区", "浙江/杭州/滨江区"),
          "SX01", List.of("浙江/绍兴/柯桥区"));

  private static final String NO = "HY%05d";

  /** Whether a customer number is one of theirs. */
  static boolean isOne(String no) {
    return no.matches("HY\\d{5,9}");
  }

  /** The phone of a customer number. */
  static String phone(String no) {
    return String.valueOf(PHONES + Integer.parseInt(no.substring(2)));
  }

  /** Customers, the same for the same random numbers; they were all born before {@code end}. */
  static DemoCustomer draw(int index, Random random, LocalDate end) {
    double sex = random.nextDouble();
    boolean woman = sex < 0.58;
    String[] given = woman ? WOMEN : MEN;
    int surname = random.nextInt(SURNAMES.length());
    String name = SURNAMES.charAt(surname) + given[random.nextInt(given.length)];
    Optional<Gender> gender =
        random.nextDouble() < 0.06
            ? Optional.empty()
            : Optional.of(woman ? Gender.FEMALE : Gender.MALE);
    // Most are those who furnish a home; few are very young or very old.
    int age = Math.max(20, Math.min(78, (int) Math.round(41 + random.nextGaussian() * 11)));
    LocalDate born = end.minusYears(age).minusDays(random.nextInt(365));
    Optional<LocalDate> birthday = random.nextDouble() < 0.7 ? Optional.of(born) : Optional.empty();
    double where = random.nextDouble();
    String store = where < 0.45 ? "HZ01" : where < 0.8 ? "HZ02" : "SX01";
    List<String> around = AROUND.getOrDefault(store, MasterData.REGIONS);
    String street =
        "%s %d 号 %d 幢 %d0%d 室"
            .formatted(
                ROADS[random.nextInt(ROADS.length)],
                1 + random.nextInt(600),
                1 + random.nextInt(28),
                1 + random.nextInt(18),
                1 + random.nextInt(4));
    double lives = random.nextDouble();
    return new DemoCustomer(
        NO.formatted(index + 1),
        name,
        gender,
        birthday,
        store,
        around.get(random.nextInt(around.size())),
        street,
        String.valueOf(PHONES + index + 1),
        lives < 0.35 ? "NEW" : lives < 0.75 ? "SETTLED" : lives < 0.92 ? "RENOVATED" : "RENTED",
        new TreeSet<>());
  }
}
