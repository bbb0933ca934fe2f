package io.laoke.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The menu calls, among them the one that refuses escaped Chinese. */
class MenuTest {
  private final WeChatSimulator simulator = WeChatSimulator.start();
  private final SimulatedAccount account = simulator.addAccount();
  private final TestClient client = new TestClient(simulator, account);

  @AfterEach
  void stop() {
    simulator.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"button":[{"type":"click","name":"会员","key":"M"}]}                                | 0
          {"button":[{"type":"click","name":"\\u4f1a","key":"M"}]}                            | 40033
          {"button":[]}                                                                      | 40016
          {}                                                                                 | 40016
          {"button":[{"type":"click","name":"六个汉字太长","key":"M"}]}                            | 40018
          {"button":[{"type":"tap","name":"a","key":"M"}]}                                   | 40017
          {"button":[{"type":"click","name":"a"}]}                                           | 40019
          {"button":[{"type":"view","name":"a"}]}                                            | 40020
          {"button":[{"name":"a","sub_button":[{"type":"view","name":"b","url":"https://b"}]}]} | 0
          {"button":[{"name":"a","sub_button":[{"type":"no","name":"b"}]}]}                  | 40024
          {"button":[{"name":"a","sub_button":[{"type":"view","url":"https://b"}]}]}         | 40025
          {"button":[{"name":"a","sub_button":[{"type":"click","name":"b"}]}]}               | 40026
          {"button":[{"name":"a","sub_button":[{"type":"view","name":"b"}]}]}                | 40027
          {"button":[{"name":"a","sub_button":[{},{},{},{},{},{}]}]}                         | 40023
          """)
  void creates(String body, int errcode) {
    assertThat(client.post("/cgi-bin/menu/create", body).path("errcode").asInt())
        .isEqualTo(errcode);
    assertThat(client.get("/cgi-bin/menu/get").path("errcode").asInt())
        .isEqualTo(errcode == 0 ? 0 : 46003);
  }

  @Test
  void deletes() {
    client.post(
        "/cgi-bin/menu/create", "{\"button\":[{\"type\":\"click\",\"name\":\"a\",\"key\":\"b\"}]}");
    assertThat(client.get("/cgi-bin/menu/get").path("menu").path("button")).hasSize(1);
    assertThat(client.get("/cgi-bin/menu/delete").path("errcode").asInt()).isZero();
    assertThat(client.get("/cgi-bin/menu/get").path("errcode").asInt()).isEqualTo(46003);
  }
}
