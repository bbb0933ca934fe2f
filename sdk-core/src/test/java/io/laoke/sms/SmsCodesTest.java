package io.laoke.sms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The providers' codes, row by row. */
class SmsCodesTest {
  @ParameterizedTest
  @CsvSource({
    "isp.SYSTEM_ERROR,RETRY",
    "ServiceUnavailable,RETRY",
    "Throttling,RETRY",
    "Throttling.User,RETRY",
    "isv.BUSINESS_LIMIT_CONTROL,WAIT",
    "isv.DAY_LIMIT_CONTROL,WAIT",
    "isv.MONTH_LIMIT_CONTROL,WAIT",
    "isv.MOBILE_NUMBER_ILLEGAL,NUMBER",
    "isv.MOBILE_COUNT_OVER_LIMIT,NUMBER",
    "isv.BLACK_KEY_CONTROL_LIMIT,OPT_OUT",
    "isv.SMS_SIGNATURE_ILLEGAL,TEMPLATE",
    "isv.SMS_SIGN_ILLEGAL,TEMPLATE",
    "isv.SIGN_STATE_ILLEGAL,TEMPLATE",
    "isv.SMS_SIGNATURE_SCENE_ILLEGAL,TEMPLATE",
    "isv.SMS_TEMPLATE_ILLEGAL,TEMPLATE",
    "isv.TEMPLATE_MISSING_PARAMETERS,TEMPLATE",
    "isv.INVALID_JSON_PARAM,TEMPLATE",
    "isv.PARAM_LENGTH_LIMIT,TEMPLATE",
    "isv.PARAM_NOT_SUPPORT_URL,TEMPLATE",
    "isv.SMS_CONTENT_ILLEGAL,CONTENT",
    "isv.AMOUNT_NOT_ENOUGH,MONEY",
    "isv.OUT_OF_SERVICE,MONEY",
    "isp.RAM_PERMISSION_DENY,ACCESS",
    "isv.DENY_IP_RANGE,ACCESS",
    "SignatureDoesNotMatch,ACCESS",
    "InvalidAccessKeyId.NotFound,ACCESS",
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED,REGION",
    "isv.SOMETHING_NEW,OTHER"
  })
  void ofAliyun(String code, SmsErrorClass kind) {
    assertThat(AliyunSms.CODES.error(code, "").kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "InternalError,RETRY",
    "InternalError.OtherError,RETRY",
    "RequestLimitExceeded,RETRY",
    "LimitExceeded.PhoneNumberThirtySecondLimit,WAIT",
    "LimitExceeded.PhoneNumberOneHourLimit,WAIT",
    "LimitExceeded.PhoneNumberDailyLimit,WAIT",
    "LimitExceeded.PhoneNumberSameContentDailyLimit,WAIT",
    "LimitExceeded.DeliveryFrequencyLimit,WAIT",
    "LimitExceeded.AppDailyLimit,WAIT",
    "LimitExceeded.AppMainlandChinaDailyLimit,WAIT",
    "InvalidParameterValue.IncorrectPhoneNumber,NUMBER",
    "LimitExceeded.PhoneNumberCountLimit,NUMBER",
    "FailedOperation.PhoneNumberInBlacklist,OPT_OUT",
    "FailedOperation.SignatureIncorrectOrUnapproved,TEMPLATE",
    "FailedOperation.TemplateIncorrectOrUnapproved,TEMPLATE",
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate,TEMPLATE",
    "InvalidParameterValue.ContentLengthLimit,TEMPLATE",
    "InvalidParameterValue.TemplateParameterLengthLimit,TEMPLATE",
    "InvalidParameterValue.TemplateParameterFormatError,TEMPLATE",
    "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter,TEMPLATE",
    "InvalidParameterValue.MarketingTemplateWithoutUnsubscribe,TEMPLATE",
    "FailedOperation.ContainSensitiveWord,CONTENT",
    "FailedOperation.MarketingSendTimeConstraint,TIME",
    "FailedOperation.InsufficientBalanceInSmsPackage,MONEY",
    "UnauthorizedOperation.ServiceSuspendDueToArrears,MONEY",
    "AuthFailure.SignatureFailure,ACCESS",
    "UnauthorizedOperation.IndividualUserMarketingSmsPermissionDeny,ACCESS",
    "UnauthorizedOperation.RequestIpNotInWhitelist,ACCESS",
    "FailedOperation.SomethingNew,OTHER"
  })
  void ofTencentCloud(String code, SmsErrorClass kind) {
    assertThat(TencentSms.CODES.error(code, "").kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "isv.BUSINESS_LIMIT_CONTROL,HOUR,false",
    "isv.DAY_LIMIT_CONTROL,DAY,true",
    "isv.MONTH_LIMIT_CONTROL,MONTH,true",
    "LimitExceeded.PhoneNumberThirtySecondLimit,HALF_MINUTE,false",
    "LimitExceeded.PhoneNumberOneHourLimit,HOUR,false",
    "LimitExceeded.PhoneNumberDailyLimit,DAY,false",
    "LimitExceeded.PhoneNumberSameContentDailyLimit,DAY,false",
    "LimitExceeded.DeliveryFrequencyLimit,HOUR,false",
    "LimitExceeded.AppDailyLimit,DAY,true",
    "LimitExceeded.AppMainlandChinaDailyLimit,DAY,true"
  })
  void limitsCountForATime(String code, SmsWindow window, boolean everybody) {
    SmsError error =
        (code.startsWith("isv") ? AliyunSms.CODES : TencentSms.CODES).error(code, "busy");
    assertThat(error.window()).isEqualTo(Optional.of(window));
    assertThat(error.everybody()).isEqualTo(everybody);
  }

  @Test
  void takesNumbersOutOfTheProvidersWords() {
    assertThat(AliyunSms.CODES.error("isv.MOBILE_NUMBER_ILLEGAL", "13800138000 invalid").message())
        .isEqualTo("… invalid");
    assertThat(AliyunSms.CODES.error("", "x").code()).isEqualTo("NO_CODE");
  }
}
