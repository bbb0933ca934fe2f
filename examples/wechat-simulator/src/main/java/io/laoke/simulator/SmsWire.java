package io.laoke.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** How a provider is spoken to, and speaks. */
interface SmsWire {
  /** A send, as it was understood. */
  record Send(
      List<String> phones,
      String signature,
      String template,
      Map<String, String> values,
      String senderId) {}

  /** A question what became of a message, as it was understood. */
  record Question(String phone, Instant from, Instant until, String providerId, int most) {}

  /** Whether a call asks what became of a message. */
  boolean isQuestion(HttpCall call);

  /** Reads such a call, whose signature is right. */
  Question question(HttpCall call) throws SmsRefusal;

  /** Its answer. */
  HttpAnswer answer(Question question, List<SmsDesk.Fate> found);

  /** Reads a call whose signature is right. */
  Send read(HttpCall call) throws SmsRefusal;

  /** The provider's word for a broken rule. */
  SmsRefusal refusal(SmsDesk.Rule rule);

  /** The answer to a call that was taken. */
  HttpAnswer taken(Send send, List<AcceptedSms> accepted);

  /** The answer to a call that was refused. */
  HttpAnswer refused(SmsRefusal refusal);

  /** A receipt's body. */
  String receipt(AcceptedSms sms, boolean delivered, String code, Instant at);

  /** A reply's body. */
  String reply(String phone, String text, String signature, long number, Instant at);

  /** Whether a host's answer says that it has what was pushed. */
  boolean confirms(int status, String body);

  DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(SmsDesk.CHINA);

  /** An answer of JSON with that status. */
  static HttpAnswer json(int status, ObjectNode body) {
    return HttpAnswer.of(
        status,
        "application/json;charset=utf-8",
        Json.write(body).getBytes(StandardCharsets.UTF_8));
  }

  /** Aliyun's. */
  final class Aliyun implements SmsWire {
    @Override
    public Send read(HttpCall call) throws SmsRefusal {
      Map<String, String> query = call.query();
      if (!"SendSms".equals(call.headers().get("x-acs-action"))
          || !"2017-05-25".equals(call.headers().get("x-acs-version"))) {
        throw new SmsRefusal(404, "InvalidAction.NotFound", "Specified api is not found.");
      }
      List<String> phones = List.of(query.getOrDefault("PhoneNumbers", "").split(","));
      if (phones.size() > 1000) {
        throw new SmsRefusal("isv.MOBILE_COUNT_OVER_LIMIT", "手机号码数量超过限制");
      }
      Map<String, String> values = new LinkedHashMap<>();
      String given = query.getOrDefault("TemplateParam", "");
      if (!given.isEmpty()) {
        try {
          JsonNode read = Json.read(given);
          if (!read.isObject() || given.indexOf('\n') >= 0) {
            throw new SmsRefusal("isv.INVALID_JSON_PARAM", "参数格式错误，请修改为字符串值");
          }
          read.properties().forEach(one -> values.put(one.getKey(), one.getValue().asText()));
        } catch (JsonProcessingException wrong) {
          throw new SmsRefusal("isv.INVALID_JSON_PARAM", "参数格式错误，请修改为字符串值");
        }
      }
      return new Send(
          phones.stream().map(phone -> phone.replaceFirst("^\\+?86", "")).toList(),
          query.getOrDefault("SignName", ""),
          query.getOrDefault("TemplateCode", ""),
          values,
          query.getOrDefault("OutId", ""));
    }

    @Override
    public boolean isQuestion(HttpCall call) {
      return "QuerySendDetails".equals(call.headers().get("x-acs-action"));
    }

    @Override
    public Question question(HttpCall call) throws SmsRefusal {
      Map<String, String> query = call.query();
      for (String must : List.of("PhoneNumber", "SendDate", "PageSize", "CurrentPage")) {
        if (query.getOrDefault(must, "").isBlank()) {
          throw new SmsRefusal(400, "Missing" + must, must + " is mandatory for this action.");
        }
      }
      try {
        LocalDate day =
            LocalDate.parse(query.getOrDefault("SendDate", ""), DateTimeFormatter.BASIC_ISO_DATE);
        int most = Integer.parseInt(query.getOrDefault("PageSize", ""));
        if (most < 1 || most > 50) {
          throw new SmsRefusal("isv.PAGE_SIZE_ILLEGAL", "PageSize");
        }
        return new Question(
            query.getOrDefault("PhoneNumber", "").replaceFirst("^\\+?86", ""),
            day.atStartOfDay(SmsDesk.CHINA).toInstant(),
            day.plusDays(1).atStartOfDay(SmsDesk.CHINA).toInstant(),
            query.getOrDefault("BizId", ""),
            most);
      } catch (DateTimeException | NumberFormatException wrong) {
        throw new SmsRefusal("isv.INVALID_PARAMETERS", "参数异常");
      }
    }

    @Override
    public HttpAnswer answer(Question question, List<SmsDesk.Fate> found) {
      ObjectNode all = Json.object();
      List<SmsDesk.Fate> asked =
          found.stream()
              .filter(
                  fate ->
                      question.providerId().isEmpty()
                          || fate.sms().providerId().equals(question.providerId()))
              .toList();
      all.putArray("SmsSendDetailDTO");
      asked.stream()
          .limit(question.most())
          .forEach(
              fate -> {
                ObjectNode one =
                    Json.object()
                        .put("PhoneNum", fate.sms().phone())
                        .put("SendStatus", !fate.known() ? 1 : fate.delivered() ? 3 : 2)
                        .put("ErrCode", fate.code())
                        .put("TemplateCode", "")
                        .put("Content", fate.sms().text())
                        .put("SendDate", TIME.format(fate.sms().at()))
                        .put("OutId", fate.sms().senderId());
                if (fate.known() && fate.delivered()) {
                  one.put("ReceiveDate", TIME.format(fate.at()));
                }
                all.withArray("SmsSendDetailDTO").add(one);
              });
      ObjectNode body =
          Json.object()
              .put("Code", "OK")
              .put("Message", "OK")
              .put("TotalCount", Integer.toString(asked.size()))
              .put("RequestId", UUID.randomUUID().toString());
      body.set("SmsSendDetailDTOs", all);
      return json(200, body);
    }

    @Override
    public SmsRefusal refusal(SmsDesk.Rule rule) {
      return switch (rule) {
        case NUMBER -> new SmsRefusal("isv.MOBILE_NUMBER_ILLEGAL", "非法手机号");
        case SIGNATURE -> new SmsRefusal("isv.SMS_SIGNATURE_ILLEGAL", "该账号下找不到对应签名");
        case TEMPLATE -> new SmsRefusal("isv.SMS_TEMPLATE_ILLEGAL", "该账号下找不到对应模板");
        case MISSING, EXTRA -> new SmsRefusal("isv.TEMPLATE_MISSING_PARAMETERS", "模板缺少变量");
        case LONG_VALUE, LONG_TEXT -> new SmsRefusal("isv.PARAM_LENGTH_LIMIT", "参数超过长度限制");
        case LINK -> new SmsRefusal("isv.PARAM_NOT_SUPPORT_URL", "变量不支持传入URL");
        case BLACKLIST -> new SmsRefusal("isv.BLACK_KEY_CONTROL_LIMIT", "变量内容含有限制发送的内容");
        case FREQUENCY, HOURS -> new SmsRefusal("isv.BUSINESS_LIMIT_CONTROL", "触发流控");
      };
    }

    @Override
    public HttpAnswer taken(Send send, List<AcceptedSms> accepted) {
      return json(
          200,
          Json.object()
              .put("Code", "OK")
              .put("Message", "OK")
              .put("BizId", accepted.get(0).providerId())
              .put("RequestId", UUID.randomUUID().toString()));
    }

    @Override
    public HttpAnswer refused(SmsRefusal refusal) {
      return json(
          refusal.status(),
          Json.object()
              .put("Code", refusal.code())
              .put("Message", refusal.words())
              .put("RequestId", UUID.randomUUID().toString()));
    }

    @Override
    public String receipt(AcceptedSms sms, boolean delivered, String code, Instant at) {
      ObjectNode receipt =
          Json.object()
              .put("phone_number", sms.phone())
              .put("send_time", TIME.format(sms.at()))
              .put("report_time", TIME.format(at))
              .put("success", delivered)
              .put("err_code", delivered ? "DELIVERED" : code)
              .put("err_msg", delivered ? "用户接收成功" : "发送失败")
              .put("sms_size", Integer.toString(sms.segments()))
              .put("biz_id", sms.providerId())
              .put("out_id", sms.senderId());
      return Json.write(List.of(receipt));
    }

    @Override
    public String reply(String phone, String text, String signature, long number, Instant at) {
      return Json.write(
          List.of(
              Json.object()
                  .put("phone_number", phone)
                  .put("content", text)
                  .put("send_time", TIME.format(at))
                  .put("dest_code", "1069012345")
                  .put("sequence_id", number)
                  .put("sign_name", signature)));
    }

    @Override
    public boolean confirms(int status, String body) {
      return status == 200 && number(body, "code") == 0;
    }
  }

  /** Tencent Cloud's. */
  final class Tencent implements SmsWire {
    @Override
    public Send read(HttpCall call) throws SmsRefusal {
      if (!"SendSms".equals(call.headers().get("x-tc-action"))
          || !"2021-01-11".equals(call.headers().get("x-tc-version"))) {
        throw new SmsRefusal("InvalidAction", "The action is not found.");
      }
      if (call.headers().getOrDefault("x-tc-region", "").isBlank()) {
        throw new SmsRefusal("MissingParameter", "Region is missing.");
      }
      JsonNode body;
      try {
        body = Json.read(new String(call.body(), StandardCharsets.UTF_8));
      } catch (JsonProcessingException wrong) {
        throw new SmsRefusal("InvalidParameter", "The body is no JSON.");
      }
      for (String must : List.of("PhoneNumberSet", "SmsSdkAppId", "TemplateId", "SignName")) {
        if (!body.hasNonNull(must)) {
          throw new SmsRefusal("MissingParameter", must + " is missing.");
        }
      }
      List<String> phones = new ArrayList<>();
      body.path("PhoneNumberSet").forEach(one -> phones.add(one.asText()));
      if (phones.size() > 200 || phones.isEmpty()) {
        throw new SmsRefusal("LimitExceeded.PhoneNumberCountLimit", "Too many numbers.");
      }
      Map<String, String> values = new LinkedHashMap<>();
      body.path("TemplateParamSet")
          .forEach(one -> values.put(Integer.toString(values.size() + 1), one.asText()));
      return new Send(
          phones.stream().map(phone -> phone.replaceFirst("^\\+86", "")).toList(),
          body.path("SignName").asText(),
          body.path("TemplateId").asText(),
          values,
          body.path("SessionContext").asText(""));
    }

    @Override
    public boolean isQuestion(HttpCall call) {
      return "PullSmsSendStatusByPhoneNumber".equals(call.headers().get("x-tc-action"));
    }

    @Override
    public Question question(HttpCall call) throws SmsRefusal {
      JsonNode body;
      try {
        body = Json.read(new String(call.body(), StandardCharsets.UTF_8));
      } catch (JsonProcessingException wrong) {
        throw new SmsRefusal("InvalidParameter", "The body is no JSON.");
      }
      for (String must : List.of("BeginTime", "Offset", "Limit", "PhoneNumber", "SmsSdkAppId")) {
        if (!body.hasNonNull(must)) {
          throw new SmsRefusal("MissingParameter", must + " is missing.");
        }
      }
      String phone = body.path("PhoneNumber").asText();
      int most = body.path("Limit").asInt();
      if (!phone.startsWith("+86")
          || body.path("Offset").asInt(-1) != 0
          || most < 1
          || most > 100) {
        throw new SmsRefusal("InvalidParameter", "PhoneNumber, Offset or Limit is wrong.");
      }
      return new Question(
          phone.substring(3),
          Instant.ofEpochSecond(body.path("BeginTime").asLong()),
          body.hasNonNull("EndTime")
              ? Instant.ofEpochSecond(body.path("EndTime").asLong() + 1)
              : Instant.MAX,
          "",
          most);
    }

    /** Only what was reported is pulled. */
    @Override
    public HttpAnswer answer(Question question, List<SmsDesk.Fate> found) {
      ObjectNode response = Json.object();
      response.putArray("PullSmsSendStatusSet");
      found.stream()
          .filter(SmsDesk.Fate::known)
          .limit(question.most())
          .forEach(
              fate ->
                  response
                      .withArray("PullSmsSendStatusSet")
                      .add(
                          Json.object()
                              .put("UserReceiveTime", fate.at().getEpochSecond())
                              .put("CountryCode", "86")
                              .put("SubscriberNumber", fate.sms().phone())
                              .put("PhoneNumber", "+86" + fate.sms().phone())
                              .put("SerialNo", fate.sms().providerId())
                              .put("ReportStatus", fate.delivered() ? "SUCCESS" : "FAIL")
                              .put("Description", fate.delivered() ? "DELIVRD" : fate.code())));
      response.put("RequestId", UUID.randomUUID().toString());
      return json(200, Json.object().set("Response", response));
    }

    @Override
    public SmsRefusal refusal(SmsDesk.Rule rule) {
      return switch (rule) {
        case NUMBER ->
            new SmsRefusal("InvalidParameterValue.IncorrectPhoneNumber", "incorrect number");
        case SIGNATURE ->
            new SmsRefusal("FailedOperation.SignatureIncorrectOrUnapproved", "no such signature");
        case TEMPLATE ->
            new SmsRefusal("FailedOperation.TemplateIncorrectOrUnapproved", "no such template");
        case MISSING, EXTRA ->
            new SmsRefusal(
                "FailedOperation.TemplateParamSetNotMatchApprovedTemplate", "wrong parameters");
        case LONG_VALUE ->
            new SmsRefusal("InvalidParameterValue.TemplateParameterLengthLimit", "too long");
        case LONG_TEXT -> new SmsRefusal("InvalidParameterValue.ContentLengthLimit", "too long");
        case LINK ->
            new SmsRefusal(
                "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter", "no link, please");
        case BLACKLIST ->
            new SmsRefusal("FailedOperation.PhoneNumberInBlacklist", "in the blacklist");
        case FREQUENCY -> new SmsRefusal("LimitExceeded.PhoneNumberThirtySecondLimit", "too often");
        case HOURS ->
            new SmsRefusal("FailedOperation.MarketingSendTimeConstraint", "not at this hour");
      };
    }

    @Override
    public HttpAnswer taken(Send send, List<AcceptedSms> accepted) {
      ObjectNode response = Json.object();
      accepted.forEach(
          sms ->
              response
                  .withArray("SendStatusSet")
                  .add(
                      Json.object()
                          .put("SerialNo", sms.providerId())
                          .put("PhoneNumber", "+86" + sms.phone())
                          .put("Fee", sms.segments())
                          .put("SessionContext", sms.senderId())
                          .put("Code", "Ok")
                          .put("Message", "send success")
                          .put("IsoCode", "CN")));
      response.put("RequestId", UUID.randomUUID().toString());
      return json(200, Json.object().set("Response", response));
    }

    /** What concerns the call is an error, what concerns the number its status. */
    @Override
    public HttpAnswer refused(SmsRefusal refusal) {
      ObjectNode response = Json.object();
      boolean ofTheCall =
          refusal.code().matches("(AuthFailure|InvalidAction|Missing|InternalError|RequestLimit).*")
              || refusal.code().equals("InvalidParameter");
      if (ofTheCall) {
        response.set(
            "Error", Json.object().put("Code", refusal.code()).put("Message", refusal.words()));
      } else {
        response
            .withArray("SendStatusSet")
            .add(
                Json.object()
                    .put("SerialNo", "")
                    .put("Fee", 0)
                    .put("Code", refusal.code())
                    .put("Message", refusal.words()));
      }
      response.put("RequestId", UUID.randomUUID().toString());
      return json(200, Json.object().set("Response", response));
    }

    @Override
    public String receipt(AcceptedSms sms, boolean delivered, String code, Instant at) {
      return Json.write(
          List.of(
              Json.object()
                  .put("user_receive_time", TIME.format(at))
                  .put("nationcode", "86")
                  .put("mobile", sms.phone())
                  .put("report_status", delivered ? "SUCCESS" : "FAIL")
                  .put("errmsg", delivered ? "DELIVRD" : code)
                  .put("description", delivered ? "用户短信送达成功" : "发送失败")
                  .put("sid", sms.providerId())));
    }

    @Override
    public String reply(String phone, String text, String signature, long number, Instant at) {
      return Json.write(
          Json.object()
              .put("extend", "")
              .put("mobile", phone)
              .put("nationcode", "86")
              .put("sign", signature)
              .put("text", text)
              .put("time", at.getEpochSecond()));
    }

    @Override
    public boolean confirms(int status, String body) {
      return status == 200 && number(body, "result") == 0;
    }
  }

  private static int number(String body, String field) {
    try {
      return Json.read(body).path(field).asInt(-1);
    } catch (JsonProcessingException wrong) {
      return -1;
    }
  }
}
