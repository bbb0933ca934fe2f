package io.laoke.wechat;

import static io.laoke.wechat.ErrorCodes.ErrorClass.CONFIG;
import static io.laoke.wechat.ErrorCodes.ErrorClass.DONE;
import static io.laoke.wechat.ErrorCodes.ErrorClass.QUOTA;
import static io.laoke.wechat.ErrorCodes.ErrorClass.RECIPIENT;
import static io.laoke.wechat.ErrorCodes.ErrorClass.RETRY;
import static io.laoke.wechat.ErrorCodes.ErrorClass.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import io.laoke.wechat.ErrorCodes.ErrorClass;
import java.time.Clock;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The whole table of codes that WeChat documents for what Laoke calls now or will call. */
class ErrorCodesTest {
  private static final Map<ErrorClass, String> TABLE = new EnumMap<>(ErrorClass.class);

  static {
    TABLE.put(RETRY, "-1 268487001 268487002 268488001 42010 43108 45011 45066 45169");
    TABLE.put(TOKEN, "40001 40014 42001");
    TABLE.put(
        RECIPIENT,
        "40003 40029 40163 40030 42002 42003 42007 43004 43019 43101 45015 45059 46004 48002 49003"
            + " 50001 50005 70000");
    TABLE.put(QUOTA, "45009 45028 45047 48006");
    TABLE.put(DONE, "45065");
    TABLE.put(
        CONFIG,
        "40002 40004 40005 40006 40009 40007 40008 40013 40125 40016 40017 40018 40019 40020 40023"
            + " 40024 40025 40026 40027 40054 40055 40031 40032 40033 40036 40037 40039 40052 40053"
            + " 40059 40060 40065 40204 40062 40092 40114 40130 40152 40164 40200 40243 40246 40247"
            + " 40249 41001 41002 41004 41006 41009 41039 43001 43002 43003 43104 43107 43116 44001"
            + " 44002 44003 44004 45001 45002 45003 45004 45005 45006 45007 45008 45026 45027 45056"
            + " 45057 45058 45062 45067 45072 45080 45081 45083 45084 45113 45157 45158 45159 45162"
            + " 45166 45171 46001 46003 47001 47003 48001 48003 48004 48005 48008 48021 48022 50002"
            + " 50004 50007 53404 53405 53406 53503 53504 53505 53600 61004 61007 61016 65301 65303"
            + " 65316 76001 76002 76003 76004 76021 76022 88000 89503 89504 89505 89506 89507"
            + " 200011 200012 200013 200014 9500001 9500002 1234567 0");
  }

  /** All codes of a class. */
  static int[] codes(ErrorClass errorClass) {
    return Arrays.stream(TABLE.getOrDefault(errorClass, "").split(" "))
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  @Test
  void everyCodeHasItsClass() {
    for (ErrorClass errorClass : ErrorClass.values()) {
      for (int code : codes(errorClass)) {
        assertThat(ErrorCodes.classOf(code, false)).as("%d", code).isEqualTo(errorClass);
      }
    }
    assertThat(Arrays.stream(ErrorClass.values()).mapToInt(c -> codes(c).length).sum())
        .as("167 documented codes, one that nobody knows, and 0")
        .isEqualTo(169);
  }

  @Test
  void aRefusedCredentialAtTheTokenEndpointIsAWrongSetting() {
    for (int code : new int[] {40001, 40014, 42001}) {
      assertThat(ErrorCodes.classOf(code, true)).isEqualTo(CONFIG);
    }
  }

  @Test
  void adviceIsGivenInBothLanguages() {
    assertThat(ErrorCodes.advised())
        .contains(
            40013, 40125, 40164, 40243, 48001, 48004, 50002, 50007, 89503, 89506, 89507, 40037,
            40036, 40249, 43116, 47003, 45009, 43004, 43101, 48002, 43019);
    for (int code : ErrorCodes.advised()) {
      ErrorCodes.Advice advice =
          ErrorCodes.advice(Problem.answered("/p", code, "text", "rid")).orElseThrow();
      assertThat(advice.en()).as("%d", code).matches("[\\p{ASCII}认证的服务号（）]+").doesNotContain("{");
      assertThat(advice.zh()).as("%d", code).containsPattern("[一-龥]{4}").doesNotContain("{");
    }
  }

  @Test
  void whatNobodyKnowsSaysWhatToDoToo() {
    int busy =
        Arrays.stream(codes(RETRY))
            .filter(code -> !ErrorCodes.advised().contains(code))
            .findFirst()
            .orElseThrow();
    for (Problem problem :
        List.of(
            Problem.answered("/p", 1234567, "?", "r1"),
            Problem.answered("/p", busy, "?", "r1"),
            Problem.notSent("/p", "TIMEOUT", "The call did not leave in time", null),
            Problem.unclear("/p", "RESET", "The connection broke", null))) {
      WeChatException failed = new WeChatException("Could not try", problem);

      assertThat(failed.reason().advice())
          .containsPattern("[Rr]epeat|Look the code up")
          .endsWith(".");
      assertThat(failed.reason().adviceZh()).containsPattern("[一-龥]{4}").endsWith("。");
      assertThat(failed)
          .hasMessage(
              "Could not try: %s. %s %s",
              problem.shown(), failed.reason().advice(), failed.reason().adviceZh());
    }
  }

  /** Of a message, for whoever is alarmed by it. */
  @Test
  void whateverRaisesAnAlarmSaysWhatToDo() {
    Outcomes outcomes = new Outcomes(Clock.systemUTC());
    int alarms = 0;
    for (ErrorClass errorClass : ErrorClass.values()) {
      for (int code : codes(errorClass)) {
        for (boolean atToken : new boolean[] {false, true}) {
          Problem problem = Problem.answered("/p", code, "?", "r1");
          SendOutcome outcome =
              outcomes.of("/p", atToken ? problem.whileFetchingToken() : problem, List.of());
          Reason why =
              outcome instanceof SendOutcome.Refused refused && refused.alarm()
                  ? refused.why()
                  : outcome instanceof SendOutcome.Misconfigured wrong ? wrong.why() : null;
          if (why != null) {
            alarms++;
            assertThat(why.advice()).as("%d", code).containsPattern("[A-Za-z]{2}").endsWith(".");
            assertThat(why.adviceZh()).as("%d", code).containsPattern("[一-龥]{4}").endsWith("。");
          }
        }
      }
    }
    assertThat(alarms).isGreaterThan(250);
  }

  @Test
  void namesTheAddressOnlyIfWeChatGaveOne() {
    assertThat(
            ErrorCodes.advice(Problem.answered("/p", 40164, "invalid ip 203.0.113.7 ipv6 ::1", ""))
                .orElseThrow()
                .en())
        .contains("203.0.113.7");
    assertThat(ErrorCodes.advice(Problem.answered("/p", 40164, "?", "")).orElseThrow().zh())
        .contains("本服务器的公网IP");
  }
}
