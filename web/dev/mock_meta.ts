//! The description of a small company, as the server would give it.
import type { Action, Choice, Entity, Field, Kind, MetaData, Text } from '../src/api/types.ts'

const text = (en: string, zh: string): Text => ({ en, zh })
const f = (name: string, kind: Kind, en: string, zh: string, more: Partial<Field> = {}): Field => ({ name, kind, label: text(en, zh), help: null, required: false, readonly: false, computed: false, hidden: false, search: false, group: false, ...more })
const ID = f('id', 'id', 'Id', '编号', { readonly: true })
const ref = (name: string, entity: string, en: string, zh: string, more: Partial<Field> = {}): Field => f(name, 'ref', en, zh, { entity, ...more })
const money = (name: string, en: string, zh: string, more: Partial<Field> = {}): Field => f(name, 'amount', en, zh, { currency: 'currency', computed: true, readonly: true, ...more })
const a = (name: string, en: string, zh: string, more: Partial<Action> = {}): Action => ({ name, label: text(en, zh), help: null, args: [], danger: false, primary: false, many: false, ...more })
const ALL = { see: true, add: true, edit: true, remove: true, import: true, export: true }
const e = (name: string, prefix: string, module: string, kind: Entity['kind'], label: Text, plural: Text, fields: Field[], more: Partial<Entity> = {}): Entity => ({
  name, prefix, module, kind, label, plural, help: null, title: ['name'], parent: null, can: ALL, stage_field: null, list: ['name'], default_sort: ['name'], sections: [], actions: [], fields: [ID, ...fields], ...more,
})

const customer = (more: Partial<Field> = {}): Field => ref('customer', 'party', 'Customer', '客户', { required: true, search: true, group: true, only: ['is_customer', '=', true], help: text('Who buys from us and owes us the money.', '向我们购买并欠款的一方。'), ...more })
const currency = f('currency', 'currency', 'Currency', '币种', { required: true, group: true })
const number = (en = 'Number', zh = '单号'): Field => f('number', 'text', en, zh, { readonly: true, search: true })
const stage = (entity: string): Field => f('stage', 'choice', 'Stage', '阶段', { readonly: true, group: true, choice: `${entity}.stage` })
const owner = ref('salesperson', 'user', 'Salesperson', '销售员', { group: true })

const orderLine = (name: string, prefix: string, parent: string): Entity => e(name, prefix, 'sales', 'owned', text('Line', '明细行'), text('Lines', '明细'), [
  ref('product', 'product', 'Product', '产品', { required: true, only: ['is_sold', '=', true] }),
  f('description', 'text', 'Description', '描述', { max: 200 }),
  f('qty', 'qty', 'Quantity', '数量', { required: true }),
  ref('uom', 'uom', 'Unit', '单位'),
  f('price', 'price', 'Unit price', '单价', { required: true }),
  f('discount', 'rate', 'Discount', '折扣'),
  ref('tax', 'tax', 'Tax', '税率'),
  f('amount', 'amount', 'Amount', '金额', { currency: 'parent.currency', computed: true, readonly: true }),
  f('delivered_qty', 'qty', 'Delivered', '已交', { computed: true, readonly: true, hidden: name === 'quotation_line' }),
  ref('source', name, 'Source', '来源', { hidden: true }),
], { parent: { entity: parent, field: 'lines' }, title: ['product'], list: ['product', 'description', 'qty', 'uom', 'price', 'discount', 'tax', 'amount', ...(name === 'sales_order_line' ? ['delivered_qty'] : [])] })

const totals = [
  money('untaxed', 'Untaxed', '不含税金额'), money('tax_amount', 'Tax', '税额'), money('total', 'Total', '价税合计', { help: text('What the customer pays, tax included.', '客户应付的含税金额。') }),
]
const base = f('total_base', 'amount', 'Total in company currency', '本位币金额', { currency: 'company.currency', computed: true, readonly: true, hidden: false })
const margin = f('margin_rate', 'rate', 'Margin', '毛利率', { computed: true, readonly: true })

export const entities: Entity[] = [
  e('party', 'pa', 'crm', 'master', text('Partner', '往来单位'), text('Partners', '往来单位'), [
    f('name', 'text', 'Name', '名称', { required: true, search: true, max: 140 }),
    f('code', 'text', 'Code', '编码', { search: true, max: 20 }),
    f('is_customer', 'bool', 'Customer', '客户', { group: true }), f('is_supplier', 'bool', 'Supplier', '供应商', { group: true }),
    f('phone', 'phone', 'Phone', '电话'), f('email', 'email', 'E-mail', '邮箱'), f('website', 'url', 'Website', '网站'),
    f('address', 'text', 'Address', '地址'), f('country', 'text', 'Country', '国家', { group: true }),
    f('tax_number', 'text', 'Tax number', '税号'), f('credit_limit', 'amount', 'Credit limit', '信用额度', { currency: 'company.currency', help: text('The most this customer may owe before orders are stopped.', '超过此额度将暂停新订单。') }),
    f('note', 'long_text', 'Note', '备注'),
  ], { help: text('Customers, suppliers and everyone else we deal with; one record each.', '客户、供应商及其他往来方，每方一条记录。'), list: ['name', 'code', 'phone', 'email', 'country', 'is_customer', 'is_supplier'], sections: [{ label: text('Partner', '基本信息'), fields: ['name', 'code', 'is_customer', 'is_supplier', 'tax_number', 'credit_limit'] }, { label: text('Contact', '联系方式'), fields: ['phone', 'email', 'website', 'address', 'country', 'note'] }] }),
  e('product', 'pr', 'stock', 'master', text('Product', '产品'), text('Products', '产品'), [
    f('name', 'text', 'Name', '名称', { required: true, search: true }), f('code', 'text', 'Code', '编码', { search: true }), f('barcode', 'barcode', 'Bar code', '条码', { search: true }),
    f('category', 'choice', 'Category', '类别', { choice: 'product.category', group: true }), f('is_sold', 'bool', 'Sold', '可销售', { default: true }),
    ref('uom', 'uom', 'Unit', '单位'), f('price', 'price', 'Sales price', '销售价'), f('cost', 'price', 'Cost', '成本'), ref('tax', 'tax', 'Tax', '税率'),
    f('on_hand', 'qty', 'On hand', '现存量', { computed: true, readonly: true }), f('free', 'qty', 'Free', '可用量', { computed: true, readonly: true }), f('weight_grams', 'int', 'Weight (g)', '重量（克）'), f('description', 'long_text', 'Description', '描述'),
  ], { list: ['name', 'code', 'category', 'price', 'cost', 'on_hand', 'free', 'barcode'], sections: [{ label: text('Product', '产品'), fields: ['name', 'code', 'barcode', 'category', 'is_sold', 'uom', 'weight_grams'] }, { label: text('Price', '价格'), fields: ['price', 'cost', 'tax', 'on_hand', 'free', 'description'] }] }),
  e('quotation', 'qu', 'sales', 'document', text('Quotation', '报价单'), text('Quotations', '报价单'), [
    number(), customer(), f('quoted_on', 'date', 'Quoted on', '报价日期', { required: true }), f('valid_until', 'date', 'Valid until', '有效期至'), currency, owner,
    f('reference', 'text', 'Customer reference', '客户参考号'), f('lines', 'owned', 'Lines', '明细', { entity: 'quotation_line' }), ...totals, base, margin, f('note', 'long_text', 'Terms', '条款'), stage('quotation'),
  ], { title: ['number'], stage_field: 'stage', list: ['number', 'customer', 'quoted_on', 'valid_until', 'salesperson', 'total', 'stage'], default_sort: ['-quoted_on'], sections: [{ label: text('Quotation', '报价'), fields: ['customer', 'quoted_on', 'reference', 'valid_until', 'currency', 'salesperson'] }, { label: text('Lines', '明细'), fields: ['lines'] }, { label: text('More', '其他'), fields: ['note'] }],
    actions: [a('send', 'Mark as sent', '标记为已发送', { primary: true }), a('accept', 'Accept', '客户接受', { primary: true, help: text('The customer agrees: makes a sales order.', '客户同意：生成销售订单。') }), a('lose', 'Lost', '丢单', { danger: true, args: [f('reason', 'choice', 'Reason', '原因', { required: true, choice: 'quotation.reason' }), f('comment', 'long_text', 'Comment', '说明')] })] }),
  orderLine('quotation_line', 'ql', 'quotation'),
  e('sales_order', 'so', 'sales', 'document', text('Sales order', '销售订单'), text('Sales orders', '销售订单'), [
    number(), customer(), f('ordered_on', 'date', 'Ordered on', '下单日期', { required: true }), f('promised_on', 'date', 'Promised on', '承诺交期'), currency, owner,
    f('reference', 'text', 'Customer reference', '客户参考号', { search: true }), ref('quotation', 'quotation', 'Quotation', '报价单'), f('lines', 'owned', 'Lines', '明细', { entity: 'sales_order_line' }), ...totals, base, margin,
    f('note', 'long_text', 'Note', '备注'), stage('sales_order'),
  ], { help: text('What customers ordered: what was promised, delivered and invoiced.', '客户订单：承诺、交付与开票情况。'), title: ['number'], stage_field: 'stage', list: ['number', 'customer', 'ordered_on', 'promised_on', 'salesperson', 'total', 'stage'], default_sort: ['-ordered_on'], sections: [{ label: text('Order', '订单'), fields: ['customer', 'ordered_on', 'reference', 'promised_on', 'currency', 'salesperson', 'quotation'] }, { label: text('Lines', '明细'), fields: ['lines'] }, { label: text('More', '其他'), fields: ['note'] }],
    actions: [a('confirm', 'Confirm', '确认', { primary: true, many: true, help: text('Reserves the goods and promises the date.', '预留货物并承诺交期。') }), a('close', 'Close', '关闭'), a('cancel', 'Cancel', '取消', { danger: true, many: true, help: text('Undoes what the order posted and frees the goods.', '撤销过账并释放预留。') })] }),
  orderLine('sales_order_line', 'sl', 'sales_order'),
  e('delivery', 'dl', 'stock', 'document', text('Delivery', '送货单'), text('Deliveries', '送货单'), [
    number(), customer(), ref('sales_order', 'sales_order', 'Sales order', '销售订单'), f('planned_on', 'date', 'Planned on', '计划日期', { required: true }), f('carrier', 'text', 'Carrier', '承运商'), f('tracking', 'text', 'Tracking number', '运单号'),
    f('lines', 'owned', 'Lines', '明细', { entity: 'delivery_line' }), stage('delivery'),
  ], { title: ['number'], stage_field: 'stage', list: ['number', 'customer', 'sales_order', 'planned_on', 'carrier', 'stage'], default_sort: ['-planned_on'], sections: [{ label: text('Delivery', '送货'), fields: ['customer', 'planned_on', 'sales_order', 'carrier', 'tracking'] }, { label: text('Lines', '明细'), fields: ['lines'] }], actions: [a('ship', 'Ship', '发货', { primary: true, many: true }), a('cancel', 'Cancel', '取消', { danger: true })] }),
  e('delivery_line', 'dn', 'stock', 'owned', text('Line', '明细行'), text('Lines', '明细'), [ref('product', 'product', 'Product', '产品', { required: true }), f('qty', 'qty', 'Quantity', '数量', { required: true }), ref('uom', 'uom', 'Unit', '单位'), f('lot', 'text', 'Lot', '批次'), ref('source', 'sales_order_line', 'Source', '来源', { hidden: true })], { parent: { entity: 'delivery', field: 'lines' }, title: ['product'], list: ['product', 'qty', 'uom', 'lot'] }),
  e('invoice', 'in', 'finance', 'document', text('Invoice', '销售发票'), text('Invoices', '销售发票'), [
    number(), customer(), ref('sales_order', 'sales_order', 'Sales order', '销售订单'), f('issued_on', 'date', 'Issued on', '开票日期', { required: true }), f('due_on', 'date', 'Due on', '到期日'), currency,
    f('lines', 'owned', 'Lines', '明细', { entity: 'invoice_line' }), ...totals, base, money('open', 'Open', '未收金额'), stage('invoice'),
  ], { title: ['number'], stage_field: 'stage', list: ['number', 'customer', 'issued_on', 'due_on', 'total', 'open', 'stage'], default_sort: ['-issued_on'], sections: [{ label: text('Invoice', '发票'), fields: ['customer', 'issued_on', 'sales_order', 'due_on', 'currency'] }, { label: text('Lines', '明细'), fields: ['lines'] }], actions: [a('post', 'Post', '过账', { primary: true, many: true }), a('cancel', 'Cancel', '作废', { danger: true })] }),
  orderLine('invoice_line', 'il', 'invoice'),
  e('payment', 'py', 'finance', 'document', text('Payment', '收款'), text('Payments', '收款'), [
    number(), customer(), ref('invoice', 'invoice', 'Invoice', '发票'), f('paid_on', 'date', 'Paid on', '收款日期', { required: true }), currency, f('amount', 'amount', 'Amount', '金额', { currency: 'currency', required: true }), f('method', 'choice', 'Method', '方式', { choice: 'payment.method', group: true }), f('amount_base', 'amount', 'In company currency', '本位币金额', { currency: 'company.currency', computed: true, readonly: true }), stage('payment'),
  ], { title: ['number'], stage_field: 'stage', list: ['number', 'customer', 'invoice', 'paid_on', 'method', 'amount', 'stage'], default_sort: ['-paid_on'], sections: [{ label: text('Payment', '收款'), fields: ['customer', 'paid_on', 'invoice', 'method', 'currency', 'amount', 'amount_base'] }], actions: [a('post', 'Post', '过账', { primary: true, many: true })] }),
  e('account', 'ac', 'finance', 'master', text('Account', '会计科目'), text('Accounts', '会计科目'), [f('code', 'text', 'Code', '编码', { required: true, search: true }), f('name', 'text', 'Name', '名称', { required: true, search: true }), f('kind', 'choice', 'Kind', '类型', { choice: 'account.kind', group: true })], { title: ['code', 'name'], list: ['code', 'name', 'kind'], default_sort: ['code'], sections: [{ label: text('Account', '科目'), fields: ['code', 'name', 'kind'] }] }),
  e('uom', 'um', 'stock', 'setting', text('Unit', '计量单位'), text('Units', '计量单位'), [f('name', 'text', 'Name', '名称', { required: true, search: true })]),
  e('tax', 'tx', 'finance', 'setting', text('Tax', '税率'), text('Taxes', '税率'), [f('name', 'text', 'Name', '名称', { required: true, search: true }), f('rate', 'rate', 'Rate', '税率', { required: true })], { list: ['name', 'rate'] }),
  e('user', 'us', 'system', 'setting', text('User', '用户'), text('Users', '用户'), [f('name', 'text', 'Name', '姓名', { search: true }), f('login', 'text', 'Login', '登录名')], { list: ['name', 'login'], can: { ...ALL, remove: false } }),
  e('company', 'co', 'system', 'setting', text('Company', '公司'), text('Companies', '公司'), [f('name', 'text', 'Name', '名称'), f('currency', 'currency', 'Currency', '币种'), f('address', 'text', 'Address', '地址'), f('phone', 'phone', 'Phone', '电话'), f('email', 'email', 'E-mail', '邮箱'), f('tax_number', 'text', 'Tax number', '税号'), f('bank_name', 'text', 'Bank', '开户行'), f('bank_account', 'text', 'Account number', '账号')], { list: ['name', 'currency', 'phone'], can: { ...ALL, add: false, remove: false } }),
]

const c = (code: string, en: string, zh: string, tone: Choice['tone'] = 'neutral'): Choice => ({ code, label: text(en, zh), tone })
export const choices: Record<string, Choice[]> = {
  'quotation.stage': [c('draft', 'Draft', '草稿'), c('sent', 'Sent', '已发送', 'info'), c('accepted', 'Accepted', '已接受', 'good'), c('lost', 'Lost', '丢单', 'bad')],
  'quotation.reason': [c('price', 'Price', '价格'), c('time', 'Delivery time', '交期'), c('rival', 'A competitor', '竞争对手'), c('none', 'No need any more', '不再需要')],
  'sales_order.stage': [c('draft', 'Draft', '草稿'), c('confirmed', 'Confirmed', '已确认', 'info'), c('delivered', 'Delivered', '已发货', 'warn'), c('done', 'Done', '已完成', 'good'), c('cancelled', 'Cancelled', '已取消', 'bad')],
  'delivery.stage': [c('draft', 'Draft', '草稿'), c('shipped', 'Shipped', '已发货', 'good'), c('cancelled', 'Cancelled', '已取消', 'bad')],
  'invoice.stage': [c('draft', 'Draft', '草稿'), c('posted', 'Posted', '已过账', 'info'), c('paid', 'Paid', '已收款', 'good'), c('cancelled', 'Cancelled', '已作废', 'bad')],
  'payment.stage': [c('draft', 'Draft', '草稿'), c('posted', 'Posted', '已过账', 'good')],
  'payment.method': [c('bank', 'Bank transfer', '银行转账'), c('alipay', 'Alipay', '支付宝'), c('wechat', 'WeChat Pay', '微信支付'), c('cash', 'Cash', '现金')],
  'product.category': [c('electronics', 'Electronics', '电子'), c('furniture', 'Furniture', '家具'), c('food', 'Food', '食品'), c('service', 'Service', '服务')],
  'account.kind': [c('asset', 'Asset', '资产'), c('liability', 'Liability', '负债'), c('equity', 'Equity', '权益'), c('income', 'Income', '收入'), c('expense', 'Expense', '费用')],
}

export const meta: MetaData = {
  entities: Object.fromEntries(entities.map((entity) => [entity.name, entity])),
  choices,
  reports: {
    trial_balance: { name: 'trial_balance', module: 'finance', label: text('Trial balance', '科目余额表'), help: text('All accounts with what they moved and hold.', '全部科目的发生额与余额。'), params: [f('from', 'date', 'From', '自', { required: true, default: 'year_start' }), f('as_of', 'date', 'As of', '截至', { required: true, default: 'today' }), f('known_at', 'instant', 'As known at', '按当时所知', { help: text('What the books said at that moment, without what was entered later.', '账簿在该时刻的内容，不含之后录入的。') })] },
    general_ledger: { name: 'general_ledger', module: 'finance', label: text('General ledger', '总账明细'), help: null, params: [ref('account', 'account', 'Account', '科目', { required: true }), f('from', 'date', 'From', '自'), f('as_of', 'date', 'As of', '截至', { required: true })] },
    aged_receivables: { name: 'aged_receivables', module: 'finance', label: text('Aged receivables', '应收账龄'), help: null, params: [f('as_of', 'date', 'As of', '截至', { required: true })] },
  },
  modules: [
    { name: 'crm', label: text('Customers', '客户'), icon: 'crm', menu: [{ entity: 'party' }] },
    { name: 'sales', label: text('Sales', '销售'), icon: 'sales', menu: [{ entity: 'quotation' }, { entity: 'sales_order' }] },
    { name: 'stock', label: text('Stock', '库存'), icon: 'stock', menu: [{ entity: 'product' }, { entity: 'delivery' }, { entity: 'uom' }] },
    { name: 'finance', label: text('Finance', '财务'), icon: 'finance', menu: [{ entity: 'invoice' }, { entity: 'payment' }, { entity: 'account' }, { entity: 'tax' }, { report: 'trial_balance' }, { report: 'general_ledger' }, { report: 'aged_receivables' }] },
    { name: 'system', label: text('Settings', '设置'), icon: 'setting', menu: [{ entity: 'user' }, { entity: 'company' }] },
  ],
}
